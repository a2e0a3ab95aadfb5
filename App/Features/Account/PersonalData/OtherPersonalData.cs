using BlazorAdmin.Data;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Features.Flags;
using BlazorAdmin.Features.Logs;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Live;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>What several slices note about a person in passing: drafts, roles from a directory, variants of flags, presence, who changed a setting, whose log line it is.</summary>
public sealed class OtherPersonalData : IPersonalData
{
    public string Name => "other";

    public IReadOnlyCollection<Type> Entities { get; } =
        [typeof(Draft), typeof(DirectoryGrant), typeof(FlagExposure), typeof(FlagVersion), typeof(CircuitPresence), typeof(SettingOverride), typeof(SettingChange), typeof(LogEntry)];

    public Task<int> CountAsync(AppDbContext db, Guid userId, CancellationToken cancellation) => db.Set<Draft>().CountAsync(d => d.UserId == userId, cancellation);

    public async Task ExportAsync(AppDbContext db, Guid userId, PersonalArchive archive, CancellationToken cancellation)
    {
        await archive.WriteAsync("drafts", db.Set<Draft>().AsNoTracking().Where(d => d.UserId == userId).Select(d => new { d.Form, d.SavedAt }).AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("directory-roles", db.Set<DirectoryGrant>().AsNoTracking().Where(g => g.UserId == userId).Select(g => new { g.RoleId, g.Source, g.GivenAt }).AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("flags", db.Set<FlagExposure>().AsNoTracking().Where(e => e.UserId == userId).Select(e => new { e.FlagId, e.Variant, e.Reason, e.FirstAt, e.LastAt }).AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("settings", db.Set<SettingChange>().AsNoTracking().Where(c => c.ChangedBy == userId).OrderBy(c => c.Id).Select(c => new { c.Key, c.ChangedAt }).AsAsyncEnumerable(), cancellation);
        await archive.WriteAsync("log", db.Set<LogEntry>().AsNoTracking().Where(e => e.UserId == userId).OrderBy(e => e.Id).Select(e => new { e.At, e.Level, e.Message }).AsAsyncEnumerable(), cancellation);
    }

    public async Task EraseAsync(AppDbContext db, PersonalErasure erasure, CancellationToken cancellation)
    {
        var id = erasure.UserId;
        await db.Set<Draft>().Where(d => d.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<FlagExposure>().Where(e => e.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<CircuitPresence>().Where(p => p.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<DirectoryGrant>().Where(g => g.UserId == id).ExecuteDeleteAsync(cancellation);
        await db.Set<FlagVersion>().Where(v => v.CreatedBy == id).ExecuteUpdateAsync(set => set.SetProperty(v => v.CreatedBy, (Guid?)null), cancellation);
        await db.Set<SettingOverride>().Where(s => s.ChangedBy == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.ChangedBy, (Guid?)null), cancellation);
        await db.Set<SettingChange>().Where(c => c.ChangedBy == id).OrderBy(c => c.Id).InPartsAsync(part => part.ExecuteUpdateAsync(set => set.SetProperty(c => c.ChangedBy, (Guid?)null), cancellation));
        await db.Set<LogEntry>().Where(e => e.UserId == id).OrderBy(e => e.Id).InPartsAsync(part => part.ExecuteUpdateAsync(set => set.SetProperty(e => e.UserId, (Guid?)null), cancellation));
    }
}
