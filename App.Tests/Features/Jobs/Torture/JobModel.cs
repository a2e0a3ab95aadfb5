using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>What the store must be after each command, without a store.</summary>
internal sealed class JobModel
{
    private readonly SortedDictionary<long, ModelJob> _jobs = [];
    private long _clock;

    public IReadOnlyCollection<ModelJob> Jobs => _jobs.Values;

    public ModelJob this[long id] => _jobs[id];

    /// <summary>Runs that hold their job.</summary>
    public IReadOnlyList<ModelJob> Held => [.. _jobs.Values.Where(j => j.Token is not null)];

    public void Enqueue(long id, string type, int priority, int maxAttempts, long due) =>
        _jobs.Add(id, new ModelJob { Id = id, Type = type, Priority = priority, MaxAttempts = maxAttempts, Due = (0, due) });

    /// <summary>The claim may take what its contract allows; the model says whether it did, and follows.</summary>
    public void Claim(IReadOnlyList<ClaimedJob> claimed, IReadOnlyDictionary<string, int> rooms, int max, string node, bool expired)
    {
        var due = _jobs.Values.Where(j => j.State == JobState.Queued && j.IsDue && rooms.ContainsKey(j.Type)).OrderByDescending(j => j.Priority).ThenBy(j => j.Due).ThenBy(j => j.Id).ToList();
        claimed.Count.ShouldBeLessThanOrEqualTo(max);
        claimed.Select(c => c.Id).Except(due.Select(j => j.Id)).ShouldBeEmpty("only what is due is claimed");
        var taken = claimed.Select(c => c.Id).ToHashSet();
        foreach (var (type, room) in rooms)
        {
            var mine = due.Where(j => j.Type == type).ToList();
            var count = mine.Count(j => taken.Contains(j.Id));
            count.ShouldBeLessThanOrEqualTo(room);
            mine.Take(count).ShouldAllBe(j => taken.Contains(j.Id), $"of {type} the most urgent, then the longest due");
        }

        // Where no type is short of room, nothing less urgent goes ahead, and the claim is full.
        if (rooms.Values.All(r => r >= max))
        {
            claimed.Count.ShouldBe(Math.Min(max, due.Count));
            var least = due.Where(j => taken.Contains(j.Id)).Select(j => j.Priority).DefaultIfEmpty(0).Min();
            due.Where(j => j.Priority > least).ShouldAllBe(j => taken.Contains(j.Id));
        }

        foreach (var claim in claimed)
        {
            var job = _jobs[claim.Id];
            (claim.Attempt, claim.MaxAttempts, claim.Type, claim.Priority).ShouldBe((job.Attempts + 1, job.MaxAttempts, job.Type, job.Priority));
            job.State = JobState.Running;
            job.Attempts++;
            job.Version++;
            (job.Token, job.Node, job.Expired, job.CancelRequested, job.Progress, job.Stopping, job.Stuck) = (claim.Token, node, expired, false, null, false, false);
        }
    }

    public bool Report(long id, Guid token, double progress)
    {
        if (!_jobs.TryGetValue(id, out var job) || job.Token != token) return false;
        job.Progress = progress;
        job.Version++;
        job.Lines++;
        return true;
    }

    public bool Beat(BeatRun run, bool expired)
    {
        if (!_jobs.TryGetValue(run.JobId, out var job) || job.Token != run.Token) return false;
        job.Expired = expired;
        job.Stopping |= run.Stopping;
        if (run.Stuck && !job.Stuck) job.Version++;
        job.Stuck |= run.Stuck;
        return true;
    }

    /// <returns>The state after it; null if the run held nothing.</returns>
    public JobState? Finish(RunEnd end)
    {
        if (!_jobs.TryGetValue(end.JobId, out var job) || job.Token != end.Token) return null;
        if (end.Began) job.History.Add((end.Token, job.Attempts, end.Outcome));
        if (!end.Counts) job.Attempts--;
        var state = end.State == JobState.Queued && job.CancelRequested ? JobState.Cancelled : end.State;
        job.Error = end.State == JobState.Succeeded ? null : end.Error ?? job.Error;
        if (end.State == JobState.Succeeded && job.Progress is not null) job.Progress = 100;
        if (end.State == JobState.Queued && end.Delay is { } delay) job.Due = delay > TimeSpan.Zero ? ModelJob.Never : Now();
        Leave(job, state);
        return state;
    }

    /// <param name="node">Null for leases that ended.</param>
    public IReadOnlyDictionary<long, JobState> TakeBack(string? node, string reason)
    {
        var back = new Dictionary<long, JobState>();
        foreach (var job in Held.Where(j => node is null ? j.Expired : j.Node == node))
        {
            job.History.Add((job.Token!.Value, job.Attempts, JobOutcome.NodeLost));
            job.Error = reason;
            if (job.Attempts > 1) job.Due = ModelJob.Never;
            Leave(job, job.CancelRequested ? JobState.Cancelled : job.Attempts >= job.MaxAttempts ? JobState.Failed : JobState.Queued);
            back[job.Id] = job.State;
        }

        return back;
    }

    public JobCommandResult Cancel(long id)
    {
        var job = _jobs[id];
        if (job is { State: JobState.Running, CancelRequested: true, Stuck: true })
        {
            // Given up: its run is nobody's any more.
            Leave(job, JobState.Cancelled);
            job.Error = "Given up by a person: it ignored that it was told to stop.";
            return JobCommandResult.Done;
        }

        if (!job.State.CanCancel(job.CancelRequested)) return JobCommandResult.NotPossible;
        job.Version++;
        if (job.State == JobState.Running)
        {
            job.CancelRequested = true;
            return JobCommandResult.Requested;
        }

        (job.State, job.FinishedAt) = (JobState.Cancelled, Now());
        return JobCommandResult.Done;
    }

    public JobCommandResult Retry(long id, int attemptsOfType)
    {
        var job = _jobs[id];
        if (!job.State.CanRetry()) return JobCommandResult.NotPossible;
        job.Due = job.FinishedAt!.Value;
        job.MaxAttempts = job.Attempts + attemptsOfType;
        job.Version++;
        (job.State, job.FinishedAt, job.CancelRequested, job.Stopping, job.Progress) = (JobState.Queued, null, false, false, null);
        return JobCommandResult.Done;
    }

    private void Leave(ModelJob job, JobState state)
    {
        (job.State, job.Token, job.Expired, job.Stuck) = (state, null, false, false);
        job.FinishedAt = state.IsFinal() ? Now() : null;
        job.Version++;
    }

    // Later than every due time that was given, in the order of the commands.
    private (int, long) Now() => (1, ++_clock);
}

internal sealed class ModelJob
{
    /// <summary>Due later than the test lasts.</summary>
    public static readonly (int, long) Never = (2, 0);

    public required long Id { get; init; }

    public required string Type { get; init; }

    public int Priority { get; init; }

    public JobState State { get; set; }

    public int Attempts { get; set; }

    public int MaxAttempts { get; set; }

    public int Version { get; set; }

    public Guid? Token { get; set; }

    public string? Node { get; set; }

    public bool Expired { get; set; }

    public bool CancelRequested { get; set; }

    public bool Stopping { get; set; }

    public bool Stuck { get; set; }

    public double? Progress { get; set; }

    public string? Error { get; set; }

    public int Lines { get; set; }

    /// <summary>Given times first, then those of commands in their order, then <see cref="Never"/>.</summary>
    public (int Kind, long At) Due { get; set; }

    public (int Kind, long At)? FinishedAt { get; set; }

    public bool IsDue => Due.Kind < Never.Item1;

    public List<(Guid Token, int Number, JobOutcome Outcome)> History { get; } = [];

    public override string ToString() =>
        $"job {Id} {Type} {Priority}: {State} attempts {Attempts}/{MaxAttempts} version {Version} token {Token} node {Node} cancel {CancelRequested} stopping {Stopping} stuck {Stuck} "
        + $"progress {Progress} error {Error} lines {Lines} ended {FinishedAt is not null} history [{string.Join(", ", History.OrderBy(h => h.Token).Select(h => $"{h.Number} {h.Outcome} {h.Token}"))}]";
}
