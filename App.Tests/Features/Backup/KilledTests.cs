using System.Text;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Backup;

/// <summary>kill -9 in the middle: nothing looks whole that is not, the old state stays, and the next try succeeds.</summary>
public sealed class KilledTests
{
    [PostgresFact]
    public async Task Backup_Killed_LeavesNoArchiveAndTheNextOneTidiesUp()
    {
        await using var site = await BackupSite.CreateAsync();
        await new ContentStore(site.Data.Files, TimeProvider.System).Save(new MemoryStream(Encoding.UTF8.GetBytes("content")), 1_000, default);

        await BackupWorker.DieAsync(site, restores: false, BackupStage.Files);

        File.Exists(site.Archive).ShouldBeFalse();
        File.Exists(site.Archive + BackupWriter.Unfinished).ShouldBeTrue();
        await Should.ThrowAsync<BackupException>(() => site.PlanAsync(site.Archive + BackupWriter.Unfinished));

        await site.BackUpAsync();

        File.Exists(site.Archive + BackupWriter.Unfinished).ShouldBeFalse();
        await using (await site.PlanAsync()) File.Exists(site.Archive).ShouldBeTrue();
        await using var db = site.Databases.CreateDbContext();
        var runs = await db.Set<BackupRun>().OrderBy(r => r.StartedAt).ToListAsync();
        runs.Select(r => r.State).ShouldBe([BackupState.Failed, BackupState.Done]);
        runs[0].Error.ShouldBe(BackupRuns.Died);
    }

    [PostgresFact]
    public async Task Restore_Killed_KeepsTheOldStateUntilTheNewOneIsInItsPlace()
    {
        await using var site = await BackupSite.CreateAsync();
        await site.BackUpAsync();
        await MarkAsync("before");
        foreach (var stage in new[] { BackupStage.Loading, BackupStage.Swapping })
        {
            await BackupWorker.DieAsync(site, restores: true, stage);
            (await MarksAsync()).ShouldBe(1, $"killed in {stage}");
            (await site.DatabasesAsync()).Length.ShouldBe(2, "one is left unfinished");
        }

        await BackupWorker.DieAsync(site, restores: true, BackupStage.Swapped);

        (await MarksAsync()).ShouldBe(0, "killed behind the swap: the new state is in its place");
        (await site.ScalarAsync<long>("""SELECT count(*) FROM "AuditEntries" WHERE "Action" = 'backup.restored'""")).ShouldBe(1);
        var databases = await site.DatabasesAsync();
        databases.Length.ShouldBe(2, "nothing is left of those that were killed");
        databases[1].ShouldContain("_before_");

        Task MarkAsync(string key) => site.ExecuteAsync("""INSERT INTO "SystemValues" ("Key", "Value", "ChangedAt") VALUES ($1, 'mark', now())""", key);
        Task<long> MarksAsync() => site.ScalarAsync<long>("""SELECT count(*) FROM "SystemValues" WHERE "Value" = 'mark'""");
    }
}
