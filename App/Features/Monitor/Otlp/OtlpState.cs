namespace BlazorAdmin.Features.Monitor.Otlp;

/// <summary>How pushing goes; read from any thread.</summary>
public sealed class OtlpState(TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>Last answer with success; null before the first one.</summary>
    public DateTimeOffset? LastSuccess { get; private set; }

    /// <summary>Why the last push failed, in one line; null if it did not.</summary>
    public string? Failure { get; private set; }

    public long Pushed { get; private set; }

    public long Failed { get; private set; }

    internal void Succeeded()
    {
        lock (_lock) (LastSuccess, Failure, Pushed) = (time.GetUtcNow(), null, Pushed + 1);
    }

    internal void Refused(string why)
    {
        lock (_lock) (Failure, Failed) = (why, Failed + 1);
    }

    internal void Begin()
    {
        lock (_lock) Failure = null;
    }
}

/// <summary>Notes the answers of the collector.</summary>
internal sealed class OtlpWatch(OtlpState state) : DelegatingHandler(new HttpClientHandler())
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => Note(() => base.Send(request, cancellationToken));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return Note(await base.SendAsync(request, cancellationToken));
        }
        catch (HttpRequestException exception)
        {
            state.Refused(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Note(Func<HttpResponseMessage> send)
    {
        try
        {
            return Note(send());
        }
        catch (HttpRequestException exception)
        {
            state.Refused(exception.Message);
            throw;
        }
    }

    private HttpResponseMessage Note(HttpResponseMessage answer)
    {
        if (answer.IsSuccessStatusCode) state.Succeeded();
        else state.Refused($"The collector answered {(int)answer.StatusCode}.");
        return answer;
    }
}
