namespace BlazorAdmin.Shell;

/// <summary>Asks the person of this circuit. The layout's ConfirmDialog shows one question at a time; a second question answers the first with no.</summary>
public sealed class Confirmations
{
    private TaskCompletionSource<bool>? _answer;

    public event Action? Changed;

    public Confirmation? Open { get; private set; }

    public Task<bool> Ask(Confirmation confirmation)
    {
        _answer?.TrySetResult(false);
        _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Open = confirmation;
        Changed?.Invoke();
        return _answer.Task;
    }

    public void Answer(bool yes)
    {
        var answer = _answer;
        (_answer, Open) = (null, null);
        Changed?.Invoke();
        answer?.TrySetResult(yes);
    }
}
