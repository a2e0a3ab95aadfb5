using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Documents.Intake;

/// <summary>How the last look at a watched folder went. Kept beside the installation's small facts, so that every node and every page knows it.</summary>
/// <param name="LookedAt">Null: nobody has looked yet.</param>
/// <param name="Node">Which node looked.</param>
public sealed record WatchStatus(WatchFault Fault, DateTimeOffset? LookedAt, string? Node)
{
    private const string Prefix = "documents.watch/";

    public static WatchStatus Never { get; } = new(WatchFault.None, null, null);

    internal static async Task<WatchStatus> Read(AppDbContext db, string folder, CancellationToken cancel)
    {
        var key = Prefix + folder;
        var value = await db.Set<SystemValue>().AsNoTracking().Where(v => v.Key == key).Select(v => v.Value).SingleOrDefaultAsync(cancel);
        return value is null ? Never : JsonSerializer.Deserialize<WatchStatus>(value) ?? Never;
    }

    /// <summary>Saving is the caller's.</summary>
    internal async Task Write(AppDbContext db, string folder, DateTimeOffset now, CancellationToken cancel)
    {
        var row = await db.Set<SystemValue>().FindAsync([Prefix + folder], cancel);
        if (row is null) db.Add(row = new SystemValue { Key = Prefix + folder });
        (row.Value, row.ChangedAt) = (JsonSerializer.Serialize(this), now);
    }
}

/// <summary>Topic <c>documents.watch</c>: a watched folder was looked at, and something is different.</summary>
public sealed record WatchChanged(string Folder);
