using System.Text;
using BlazorAdmin.Features.Jobs;

namespace BlazorAdmin.Tests.Features.Jobs.Torture;

/// <summary>
/// Reads the effects, the trail, the attempts and the jobs of a database and proves what must hold whatever died meanwhile: every
/// job ends, no end changes, one run's end is the job's, attempts are claims, and nobody wrote without holding the job.
/// </summary>
internal sealed class Invariants(Ledger ledger)
{
    private readonly List<(long Job, string Text)> _broken = [];

    /// <summary>A server that crashes forgets claims of its last moments (they commit asynchronously): those runs count for nothing.</summary>
    public bool DatabaseCrashed { get; init; }

    /// <summary>Handlers wrote to the ledger, so a job that succeeded has a run that says so.</summary>
    public bool HandlersWrite { get; init; } = true;

    /// <summary>Looks only at jobs from this one on.</summary>
    public long From { get; init; }

    /// <summary>Jobs that need not have ended.</summary>
    public IReadOnlyCollection<long> MayBeOpen { get; init; } = [];

    public async Task HoldAsync(int seed)
    {
        var trail = (await ledger.ReadAsync(
            "SELECT seq, job_id, old_state, new_state, old_token, new_token, old_version, new_version, old_attempts, new_attempts, node, by FROM torture_trail WHERE job_id >= $1 ORDER BY seq",
            r => new Change(
                r.GetInt64(0), r.GetInt64(1), State(r, 2), State(r, 3), Ledger.Optional<Guid>(r, 4), Ledger.Optional<Guid>(r, 5), r.GetInt32(6), r.GetInt32(7), r.GetInt32(8), r.GetInt32(9),
                r.IsDBNull(10) ? "" : r.GetString(10), r.GetString(11)), From)).ToLookup(c => c.JobId);
        var effects = (await ledger.EffectsAsync()).ToLookup(e => e.JobId);
        var attempts = (await ledger.ReadAsync(
            """SELECT "JobId", "Token", "Number", "Outcome", coalesce("Node", ''), coalesce("Error", '') FROM "JobAttempts" ORDER BY "StartedAt" """,
            r => new Attempt(r.GetInt64(0), r.GetGuid(1), r.GetInt32(2), Enum.Parse<JobOutcome>(r.GetString(3)), r.GetString(4), r.GetString(5)))).ToLookup(a => a.JobId);
        var jobs = await ledger.ReadAsync(
            """SELECT "Id", "State", "Token", "Version", "Attempts" FROM "Jobs" WHERE "Id" >= $1 ORDER BY "Id" """,
            r => new Row(r.GetInt64(0), Enum.Parse<JobState>(r.GetString(1)), Ledger.Optional<Guid>(r, 2), r.GetInt32(3), r.GetInt32(4)), From);

        foreach (var job in jobs) Check(job, [.. trail[job.Id]], [.. effects[job.Id]], [.. attempts[job.Id]]);
        foreach (var stranger in trail.Select(g => g.Key).Except(jobs.Select(j => j.Id))) Broken(stranger, "the job is gone");
        if (_broken.Count == 0) return;

        var text = new StringBuilder($"seed {seed}: {_broken.Count} violations, of {jobs.Count} jobs\n");
        foreach (var job in _broken.GroupBy(b => b.Job).Take(5))
        {
            text.AppendLine($"job {job.Key}: {string.Join("; ", job.Select(b => b.Text))}");
            foreach (var change in trail[job.Key]) text.AppendLine($"  trail    {change}");
            foreach (var effect in effects[job.Key]) text.AppendLine($"  ledger   {effect}");
            foreach (var attempt in attempts[job.Key]) text.AppendLine($"  attempt  {attempt}");
        }

        throw new ShouldAssertException(text.ToString());
    }

    private void Check(Row job, List<Change> trail, List<Effect> effects, List<Attempt> attempts)
    {
        var claims = new Dictionary<Guid, int>();
        var ended = new Dictionary<Guid, Change>();
        for (var i = 0; i < trail.Count; i++)
        {
            var change = trail[i];
            if (i == 0 && change.Old is not null) Broken(job.Id, $"the trail begins with {change}");
            if (i > 0 && !change.Follows(trail[i - 1])) Broken(job.Id, $"a change is missing before {change.Seq}");
            if (change.Old == change.New)
            {
                if (change.OldToken != change.NewToken || change.OldAttempts != change.Attempts || change.Version < change.OldVersion) Broken(job.Id, $"{change.Seq} changes a run that goes on");
                continue;
            }

            if (i > 0 && change.Version <= change.OldVersion) Broken(job.Id, $"{change.Seq} does not raise the version");
            if (i > 0 && !IsLegal(change)) Broken(job.Id, $"{change.Seq} goes from {change.Old} to {change.New} by {change.By}");
            if (change.New == JobState.Running)
            {
                if (change.NewToken is not { } token || !claims.TryAdd(token, change.Attempts)) Broken(job.Id, $"{change.Seq} claims without a new token");
                if (change.Attempts != change.OldAttempts + 1) Broken(job.Id, $"{change.Seq} claims without counting");
            }
            else if (change.Old == JobState.Running)
            {
                if (change.NewToken is not null) Broken(job.Id, $"{change.Seq} ends a run and keeps its token");
                if (!ended.TryAdd(change.OldToken ?? Guid.Empty, change)) Broken(job.Id, $"{change.Seq} ends a run twice");
                var uncounted = change.OldAttempts - change.Attempts;
                if (uncounted is not (0 or 1) || (uncounted == 1 && change.New is not (JobState.Queued or JobState.Cancelled))) Broken(job.Id, $"{change.Seq} miscounts the attempts");
            }
        }

        if (trail is [.., var last] && (last.New != job.State || last.NewToken != job.Token || last.Version != job.Version || last.Attempts != job.Attempts)) Broken(job.Id, $"the trail ends with {last}, the job is {job}");
        if (!job.State.IsFinal() && !MayBeOpen.Contains(job.Id)) Broken(job.Id, $"it never ended, it is {job.State}");

        CheckAttempts(job, claims, ended, attempts);
        CheckEffects(job, claims, ended, effects);
    }

    private void CheckAttempts(Row job, Dictionary<Guid, int> claims, Dictionary<Guid, Change> ended, List<Attempt> attempts)
    {
        foreach (var attempt in attempts)
            if (!ended.ContainsKey(attempt.Token) || claims.GetValueOrDefault(attempt.Token) != attempt.Number) Broken(job.Id, $"attempt {attempt} belongs to no run that ended");
        var written = attempts.Select(a => a.Token).ToHashSet();
        // A job that went back without having begun leaves no attempt, and does not count.
        foreach (var (token, change) in ended)
            if (!written.Contains(token) && change.OldAttempts == change.Attempts) Broken(job.Id, $"run {token} counted and left no attempt");
        if (job.Attempts != claims.Count - ended.Values.Count(c => c.Attempts < c.OldAttempts)) Broken(job.Id, $"{job.Attempts} attempts of {claims.Count} claims");
    }

    private void CheckEffects(Row job, Dictionary<Guid, int> claims, Dictionary<Guid, Change> ended, List<Effect> effects)
    {
        foreach (var run in effects.Where(e => e.Token is not null).GroupBy(e => e.Token!.Value))
        {
            if (run.Count(e => e.What == Ledger.Started) > 1 || run.Count(e => e.What == Ledger.Finished) > 1) Broken(job.Id, $"run {run.Key} ran twice");
            if (claims.TryGetValue(run.Key, out var number))
            {
                if (run.Any(e => e.Attempt != number)) Broken(job.Id, $"run {run.Key} was told another attempt than {number}");
            }
            else if (!DatabaseCrashed)
            {
                Broken(job.Id, $"run {run.Key} had no claim");
            }
        }

        if (!HandlersWrite) return;
        foreach (var (token, change) in ended.Where(e => e.Value.New == JobState.Succeeded))
            if (!effects.Exists(e => e.Token == token && e.What == Ledger.Finished)) Broken(job.Id, $"run {token} is said to have succeeded ({change.Seq}) and did not");
    }

    private static bool IsLegal(Change change) => (change.Old, change.New) switch
    {
        (JobState.Queued, JobState.Running) => true,
        (JobState.Running, JobState.Succeeded or JobState.Failed or JobState.Cancelled or JobState.Queued) => change.By != Ledger.Person,
        (JobState.Queued or JobState.Waiting, JobState.Cancelled) => change.By == Ledger.Person,
        (JobState.Failed or JobState.Cancelled or JobState.Discarded, JobState.Queued) => change.By == Ledger.Person,
        (JobState.Failed, JobState.Discarded) => change.By == Ledger.Person,
        _ => false,
    };

    private void Broken(long job, string text) => _broken.Add((job, text));

    private static JobState? State(Npgsql.NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : Enum.Parse<JobState>(reader.GetString(column));

    private sealed record Row(long Id, JobState State, Guid? Token, int Version, int Attempts);

    private sealed record Attempt(long JobId, Guid Token, int Number, JobOutcome Outcome, string Node, string Error);

    private sealed record Change(
        long Seq, long JobId, JobState? Old, JobState? New, Guid? OldToken, Guid? NewToken, int OldVersion, int Version, int OldAttempts, int Attempts, string Node, string By)
    {
        public bool Follows(Change before) => (Old, OldToken, OldVersion, OldAttempts) == (before.New, before.NewToken, before.Version, before.Attempts);
    }
}
