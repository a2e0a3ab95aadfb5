using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Audit.Chain;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Backup.Database;
using BlazorAdmin.Features.Documents.Storage;
using BlazorAdmin.Tests.Data;

namespace BlazorAdmin.Tests.Features.Backup;

public sealed class RoundTripTests
{
    [PostgresFact]
    public async Task Restore_RowsInEveryTable_BringsEachBackAndLeavesTheOldDatabaseBeside()
    {
        await using var site = await BackupSite.CreateAsync();
        await FilledTables.FillAsync(site);
        await site.ExecuteAsync("""SELECT setval('"JobLogLines_Id_seq"', 4711)""");
        var made = await site.BackUpAsync();
        made.Manifest.Tables.ShouldAllBe(t => t.Rows >= FilledTables.RowsEach);
        await site.ExecuteAsync("""DELETE FROM "UserRoles"; UPDATE "Jobs" SET "Subject" = 'changed since'""");

        var result = await site.RestoreAsync();

        (await site.ScalarAsync<long>("""SELECT count(*) FROM "UserRoles" """)).ShouldBe(FilledTables.RowsEach);
        (await site.ScalarAsync<long>("""SELECT count(*) FROM "Jobs" WHERE "Subject" = 'changed since'""")).ShouldBe(0);
        (await site.ScalarAsync<long>("""SELECT count(*) FROM "Jobs" WHERE "Subject" = 'changed since'""", result.Before)).ShouldBe(FilledTables.RowsEach);
        (await site.ScalarAsync<long>("""SELECT nextval('"JobLogLines_Id_seq"')""")).ShouldBe(4712);
        (await site.DatabasesAsync()).ShouldBe([site.DatabaseName, result.Before!]);
    }

    [PostgresFact]
    public async Task Check_WholeArchive_IsNotedAndLeavesNothingBehind()
    {
        await using var site = await BackupSite.CreateAsync();
        await FilledTables.FillAsync(site);
        await site.BackUpAsync();
        await using var plan = await site.PlanAsync();

        (await site.Restorer.CheckAsync(plan, _ => { }, default)).ShouldBeTrue();

        await using var db = site.Databases.CreateDbContext();
        var run = await db.Set<BackupRun>().SingleAsync(r => r.Id == plan.Start.Id);
        run.VerifiedAt.ShouldNotBeNull();
        (run.State, run.Rows, run.Bytes).ShouldBe((BackupState.Done, plan.Manifest.Rows, new FileInfo(site.Archive).Length));
        (await db.Set<AuditEntry>().CountAsync(e => e.Action == "backup.made" || e.Action == "backup.verified")).ShouldBe(2);
        (await site.DatabasesAsync()).ShouldBe([site.DatabaseName]);
    }

    [PostgresFact]
    public async Task Backup_RowsWrittenMeanwhile_AreNotInIt()
    {
        await using var site = await BackupSite.CreateAsync();
        var written = false;
        var made = await site.BackUpAsync(progress: step =>
        {
            if (written || step.Stage != BackupStage.Tables) return;
            written = true;
            site.ExecuteAsync("""INSERT INTO "SystemValues" ("Key", "Value", "ChangedAt") VALUES ('late', 'x', now())""").GetAwaiter().GetResult();
        });

        written.ShouldBeTrue();
        made.Manifest.Tables.Single(t => t.Name == "SystemValues").Rows.ShouldBe(2);
    }

    [PostgresFact]
    public async Task Restore_Files_AddsWhatIsMissingOrDamagedAndTouchesNothingElse()
    {
        await using var site = await BackupSite.CreateAsync();
        var store = new ContentStore(site.Data.Files, TimeProvider.System);
        var names = new List<string>();
        foreach (var text in new[] { "kept", "lost", "rotten", "" }) names.Add((await store.Save(new MemoryStream(Encoding.UTF8.GetBytes(text)), 1_000, default)).Sha256);
        var big = RandomNumberGenerator.GetBytes(700_000);
        names.Add((await store.Save(new MemoryStream(big), 1_000_000, default)).Sha256);
        await File.WriteAllTextAsync(site["conf.d/10-mail.yaml"], "Mail:\n  Password: geheim");
        (await site.BackUpAsync()).Manifest.Files.ShouldBe(6);
        File.Delete(store.PathOf(names[1]));
        File.Delete(store.PathOf(names[4]));
        await File.WriteAllTextAsync(store.PathOf(names[2]), "rottne");
        var later = (await store.Save(new MemoryStream("later"u8.ToArray()), 1_000, default)).Sha256;

        var result = await site.RestoreAsync();

        result.FilesAdded.ShouldBe(3);
        (await File.ReadAllTextAsync(store.PathOf(names[1]))).ShouldBe("lost");
        (await File.ReadAllTextAsync(store.PathOf(names[2]))).ShouldBe("rotten");
        (await File.ReadAllBytesAsync(store.PathOf(names[4]))).ShouldBe(big);
        store.Contains(later).ShouldBeTrue();
        (await File.ReadAllTextAsync(Path.Combine(result.ConfigurationFolder!, "conf.d", "10-mail.yaml"))).ShouldContain("geheim");
        (await File.ReadAllTextAsync(site["conf.d/10-mail.yaml"])).ShouldContain("geheim");
    }

    [PostgresFact]
    public async Task Backup_FileOfTheStoreDamaged_IsNamed()
    {
        await using var site = await BackupSite.CreateAsync();
        var store = new ContentStore(site.Data.Files, TimeProvider.System);
        var name = (await store.Save(new MemoryStream("right"u8.ToArray()), 1_000, default)).Sha256;
        await File.WriteAllTextAsync(store.PathOf(name), "wrong");

        (await site.BackUpAsync()).Manifest.DamagedFiles.ShouldBe([name]);
    }

    [PostgresFact]
    public async Task Restore_AnotherMachineWithPassphrase_HasKeyStoreAndRows()
    {
        await using var site = await BackupSite.CreateAsync();
        await File.WriteAllTextAsync(site["pass"], "five words are long enough\n");
        await site.BackUpAsync(site["pass"]);
        await using var other = await BackupSite.CreateEmptyAsync();

        var result = await other.RestoreAsync(site.Archive, site["pass"]);

        other.KeyFile.TryRead().ShouldBe(site.KeyFile.TryRead());
        (await File.ReadAllTextAsync(Path.Combine(other.Data.Files, FileStoreSeed.MarkName))).ShouldBe("store-of-this-site");
        (await other.ScalarAsync<long>("""SELECT count(*) FROM "AuditEntries" WHERE "Action" = 'backup.restored'""")).ShouldBe(1);
        result.Before.ShouldNotBeNull();
    }

    [PostgresFact]
    public async Task Restore_SessionsJobsAndRuns_AreAsAfterALoss()
    {
        await using var site = await BackupSite.CreateAsync();
        await FilledTables.FillAsync(site);
        await site.ExecuteAsync("""UPDATE "Jobs" SET "State" = 'Running', "LeaseUntil" = now() + interval '1 day' WHERE "Id" = (SELECT min("Id") FROM "Jobs")""");
        await site.ExecuteAsync("""
            INSERT INTO "SignInSessions" ("Id", "TenantId", "UserId", "CreatedAt", "LastSeenAt", "ExpiresAt", "EndsAt", "Remembered", "ProvedAt", "Method", "Node")
            SELECT gen_random_uuid(), "TenantId", "Id", now(), now(), now(), now(), false, now(), 'Password', '' FROM "Users" LIMIT 1
            """);
        await site.ExecuteAsync("""UPDATE "AccessTokens" SET "RevokedAt" = NULL""");
        await site.BackUpAsync();

        (await site.RestoreAsync()).TokensRevoked.ShouldBe(FilledTables.RowsEach);

        (await site.ScalarAsync<long>("""SELECT count(*) FROM "AccessTokens" WHERE "RevokedAt" IS NULL""")).ShouldBe(0);
        (await site.ScalarAsync<long>("""SELECT count(*) FROM "SignInSessions" """)).ShouldBe(0);
        (await site.ScalarAsync<long>("""SELECT count(*) FROM "Jobs" WHERE "State" = 'Running' AND "LeaseUntil" <= now()""")).ShouldBe(1);
        await using var db = site.Databases.CreateDbContext();
        (await db.Set<BackupRun>().Where(r => r.Path == site.Archive).Select(r => r.State).SingleAsync()).ShouldBe(BackupState.Done);
    }

    [PostgresFact]
    public async Task Restore_Audit_VerifiesAfterwardsAndGoesOn()
    {
        await using var node = await Audit.Chain.ChainNode.CreateAsync(isProtected: true);
        await node.SealAsync(5);
        await using var site = BackupSite.On(node.ConnectionString, node.Get<DataDirectory>());
        await site.SetUpAsync(Audit.Chain.ChainNode.Key);
        await site.BackUpAsync();
        await node.SealAsync(3);
        node.AnchorFile.Read().ShouldNotBeNull();

        (await site.RestoreAsync()).AnchorKeptAs.ShouldNotBeNull();

        await node.Sealer.SealAsync(default);
        var report = await node.VerifyAsync();
        (report.IsSound, report.Protected).ShouldBe((true, true), string.Join(", ", report.Problems));
        report.Rows.ShouldBe(6);
        await node.SealAsync(2);
        (await node.VerifyAsync()).IsSound.ShouldBeTrue();
    }

    [Fact]
    public void Tables_EachIsCarriedOrStaysBehindForAReason()
    {
        using var db = new PostgresDesignTimeFactory().CreateDbContext([]);
        var all = db.Model.GetRelationalModel().Tables.ToList();
        var carried = BackupTables.Of(db.Model).Select(t => t.Name).ToHashSet();

        all.Count.ShouldBeGreaterThan(50);
        carried.Count.ShouldBe(all.Count - BackupTables.LeftOut.Count);
        BackupTables.LeftOut.Keys.Except(all.Select(t => t.Name)).ShouldBeEmpty("these tables are gone");
        BackupTables.LeftOut.Values.ShouldAllBe(reason => reason.Length > 10);
        all.Where(t => carried.Contains(t.Name)).SelectMany(t => t.ForeignKeyConstraints).Where(k => !carried.Contains(k.PrincipalTable.Name)).Select(k => k.Name)
            .ShouldBeEmpty("a carried row cannot refer to one that stays behind");
    }
}
