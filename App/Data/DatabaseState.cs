namespace BlazorAdmin.Data;

/// <summary>Whether the schema is in place; nothing serves pages or runs jobs before it is.</summary>
public sealed class DatabaseState
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>What keeps the database from being ready, in one line.</summary>
    public string? Problem { get; private set; } = "starting";

    /// <summary>Completes once the schema is in place.</summary>
    public Task WhenReady(CancellationToken cancellation = default) => _ready.Task.WaitAsync(cancellation);

    internal void SetProblem(string problem) => Problem = problem;

    internal void SetReady()
    {
        Problem = null;
        _ready.TrySetResult();
    }
}
