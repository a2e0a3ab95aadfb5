namespace BlazorAdmin.Data;

/// <summary>
/// Whether the schema is in place; nothing serves pages or runs jobs before it is. While the portal starts, requests come
/// first: what runs in the background waits until it has listened for a moment.
/// </summary>
public sealed class DatabaseState
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _schema;

    /// <summary>Requests are served.</summary>
    public bool IsReady => _schema;

    /// <summary>What keeps the database from being ready, in one line.</summary>
    public string? Problem { get; private set; } = "starting";

    /// <summary>Completes once the schema is in place and the portal has listened for a moment.</summary>
    public Task WhenReady(CancellationToken cancellation = default) => _ready.Task.WaitAsync(cancellation);

    internal void SetProblem(string problem) => Problem = problem;

    /// <summary>The schema is in place; work in the background still waits.</summary>
    internal void SetSchemaReady()
    {
        Problem = null;
        _schema = true;
    }

    internal void SetReady()
    {
        SetSchemaReady();
        _ready.TrySetResult();
    }
}
