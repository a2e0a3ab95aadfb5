using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Backup.Archive;
using BlazorAdmin.Tests.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace BlazorAdmin.Tests.Features.Backup;

/// <summary>What a restore refuses before it writes anything, and archives of other versions.</summary>
public sealed class RestoreRefusalTests
{
    [PostgresFact]
    public async Task Restore_TamperedOtherKeyOrInUse_TouchesNothing()
    {
        await using var site = await BackupSite.CreateAsync();
        await site.BackUpAsync();
        var archive = await File.ReadAllBytesAsync(site.Archive);
        foreach (var at in new[] { 20, 70, 150, archive.Length / 2, archive.Length - 1 })
        {
            var tampered = archive.ToArray();
            tampered[at] ^= 4;
            await File.WriteAllBytesAsync(site["tampered.backup"], tampered);
            (await Should.ThrowAsync<BackupException>(() => site.RestoreAsync(site["tampered.backup"]))).Problem.ShouldBe(BackupProblem.Tampered);
        }

        await using (var somebody = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(site.ConnectionString) { ApplicationName = "a portal" }.ConnectionString))
        {
            await somebody.OpenAsync();
            var used = await Should.ThrowAsync<BackupException>(() => site.RestoreAsync());
            used.Problem.ShouldBe(BackupProblem.InUse);
            used.Message.ShouldContain("a portal");
        }

        File.Delete(site.KeyFile.FilePath);
        (await Should.ThrowAsync<BackupException>(() => site.RestoreAsync())).Problem.ShouldBe(BackupProblem.OtherKey);
        site.KeyFile.Create();
        (await Should.ThrowAsync<BackupException>(() => site.RestoreAsync())).Problem.ShouldBe(BackupProblem.OtherKey);
        (await site.DatabasesAsync()).ShouldBe([site.DatabaseName]);
        Directory.GetDirectories(site.Data.Path, "restored-*").ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Restore_SomebodyConnectsBeforeTheSwap_LeavesAnchorKeyAndConfigurationAsTheyWere()
    {
        await using var site = await BackupSite.CreateAsync();
        await File.WriteAllTextAsync(site["pass"], "five words are long enough");
        await File.WriteAllTextAsync(site["conf.d/10-mail.yaml"], "Mail:\n  Password: geheim");
        await site.BackUpAsync(site["pass"]);
        await using var other = await BackupSite.CreateEmptyAsync();
        await File.WriteAllTextAsync(other.Anchor.FilePath, "anchor of before");
        var (left, kept) = (Path.Combine(other.Data.Path, "restored-configuration-20200101-000000.partial"), Path.Combine(other.Data.Path, "restored-configuration-20200101-000001"));
        foreach (var folder in new[] { left, kept }) Directory.CreateDirectory(folder);
        await using var somebody = new NpgsqlConnection(other.ConnectionString);

        var refused = await Should.ThrowAsync<BackupException>(() => other.RestoreAsync(site.Archive, site["pass"], step =>
        {
            if (step.Stage == BackupStage.Swapping) somebody.Open();
        }));

        refused.Problem.ShouldBe(BackupProblem.InUse);
        other.Anchor.Read().ShouldBe("anchor of before");
        other.KeyFile.TryRead().ShouldBeNull();
        Directory.GetDirectories(other.Data.Path, "restored-*").ShouldBe([kept], "what a killed restore left is gone, what a person still compares is not");
        (await other.DatabasesAsync()).ShouldBe([other.DatabaseName]);
        await somebody.CloseAsync();
        (await other.RestoreAsync(site.Archive, site["pass"])).ShouldSatisfyAllConditions(r => r.AnchorKeptAs.ShouldNotBeNull(), r => File.Exists(Path.Combine(r.ConfigurationFolder!, "conf.d", "10-mail.yaml")).ShouldBeTrue());
        other.Anchor.Read().ShouldBeNull();
        other.KeyFile.TryRead().ShouldBe(site.KeyFile.TryRead());
    }

    [PostgresFact]
    public async Task Restore_OtherKeyHereAndPassphrase_DoesNotReplaceTheKey()
    {
        await using var site = await BackupSite.CreateAsync();
        await File.WriteAllTextAsync(site["pass"], "five words are long enough");
        await site.BackUpAsync(site["pass"]);
        File.Delete(site.KeyFile.FilePath);
        var other = site.KeyFile.Create();

        var refused = await Should.ThrowAsync<BackupException>(() => site.RestoreAsync(passphraseFile: site["pass"]));

        refused.Problem.ShouldBe(BackupProblem.OtherKey);
        refused.Message.ShouldContain("Move");
        site.KeyFile.TryRead().ShouldBe(other);
    }

    [PostgresFact]
    public async Task Backup_WrongKeyEmptyDatabaseOrShortPassphrase_IsRefusedAndLeavesNoFile()
    {
        await using var site = await BackupSite.CreateAsync();
        await using var empty = await BackupSite.CreateEmptyAsync();
        await File.WriteAllTextAsync(site["pass"], "short");

        (await Should.ThrowAsync<BackupException>(() => site.BackUpAsync(site["pass"]))).Message.ShouldContain("at least 15");
        (await Should.ThrowAsync<BackupException>(() => empty.BackUpAsync())).Message.ShouldContain("empty");
        File.Delete(site.KeyFile.FilePath);
        site.KeyFile.Create();
        (await Should.ThrowAsync<BackupException>(() => site.BackUpAsync())).Problem.ShouldBe(BackupProblem.OtherKey);
        Directory.GetFiles(Path.GetDirectoryName(site.Archive)!, "*.backup*").ShouldBeEmpty();
        await using var db = site.Databases.CreateDbContext();
        (await db.Set<BackupRun>().Select(r => r.State).SingleAsync()).ShouldBe(BackupState.Failed);
    }

    [PostgresFact]
    public async Task Backup_AnotherRunsOrFileIsThere_IsRefused()
    {
        await using var site = await BackupSite.CreateAsync();
        BackupException? second = null;
        await site.BackUpAsync(progress: step => second ??= Should.Throw<BackupException>(() => site.Writer.WriteAsync(new BackupRequest(site["two.backup"], false, null), _ => { }, default)));

        second!.Problem.ShouldBe(BackupProblem.InUse);
        (await Should.ThrowAsync<BackupException>(() => site.BackUpAsync())).Message.ShouldContain("exists already");
    }

    [PostgresFact]
    public async Task Restore_OlderMigration_IsBroughtToThisVersion()
    {
        await using var old = await BackupSite.CreateEmptyAsync();
        await using (var db = old.Databases.CreateDbContext())
        {
            await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().ElementAt(1));
            old.KeyFile.Create();
            await old.ExecuteAsync("""INSERT INTO "SystemValues" ("Key", "Value", "ChangedAt") VALUES ($1, $2, now()), ('old', 'row', now())""", RootKeySeed.FingerprintKey, RootKey.FingerprintOf(old.KeyFile.TryRead()!));
        }

        (await old.BackUpAsync()).Recorded.ShouldBeFalse();
        await old.RestoreAsync();

        await using var now = old.Databases.CreateDbContext();
        (await now.Database.GetPendingMigrationsAsync()).ShouldBeEmpty();
        (await old.ScalarAsync<string>("""SELECT "Value" FROM "SystemValues" WHERE "Key" = 'old'""")).ShouldBe("row");
        (await old.ScalarAsync<long>("""SELECT count(*) FROM "BackupRuns" """)).ShouldBe(0);
    }

    [PostgresFact]
    public async Task Restore_NewerMigrationsOtherServerOrUnknownTable_IsRefused()
    {
        await using var site = await BackupSite.CreateAsync();
        List<string> known;
        await using (var db = site.Databases.CreateDbContext()) known = [.. db.Database.GetMigrations()];
        var table = new ArchiveTable("Users\"; DROP TABLE \"Users", [new ArchiveColumn("Id", "uuid")]);

        (await RefusalOf(site, new ArchiveStart(Guid.NewGuid(), DateTimeOffset.UtcNow, "9.0", BlazorAdmin.Data.DatabaseProvider.Postgres, "x", [.. known, "29990101_Future"]))).Problem.ShouldBe(BackupProblem.Newer);
        (await RefusalOf(site, new ArchiveStart(Guid.NewGuid(), DateTimeOffset.UtcNow, "1.0", BlazorAdmin.Data.DatabaseProvider.SqlServer, "x", known))).Problem.ShouldBe(BackupProblem.OtherServer);
        (await RefusalOf(site, new ArchiveStart(Guid.NewGuid(), DateTimeOffset.UtcNow, "1.0", BlazorAdmin.Data.DatabaseProvider.Postgres, "x", known), table)).Problem.ShouldBe(BackupProblem.Newer);
        // A table that stays behind by now is skipped; this archive then has no key of an installation in it.
        var carriedOnce = new ArchiveTable("LiveNodes", [new ArchiveColumn("Anything", "text")]);
        (await RefusalOf(site, new ArchiveStart(Guid.NewGuid(), DateTimeOffset.UtcNow, "1.0", BlazorAdmin.Data.DatabaseProvider.Postgres, "x", known), carriedOnce)).Problem.ShouldBe(BackupProblem.OtherKey);
        (await site.DatabasesAsync()).ShouldBe([site.DatabaseName]);
    }

    [Fact]
    public void DemandSpace_MoreThanThereIs_NamesTheFolder()
    {
        using var folder = new TestFolder();

        BackupRestorer.DemandSpace(folder.Path, 1, "the files");
        var refused = Should.Throw<BackupException>(() => BackupRestorer.DemandSpace(folder.Path, long.MaxValue, "the files"));
        (refused.Problem, refused.Message.Contains(folder.Path, StringComparison.Ordinal)).ShouldBe((BackupProblem.NoSpace, true));
    }

    [PostgresFact]
    public async Task Restore_ServerNotThere_IsOneLine()
    {
        await using var site = await BackupSite.CreateAsync();
        await site.BackUpAsync();
        await using var away = BackupSite.On("Host=127.0.0.1;Port=1;Database=none;Username=none;Password=none;Timeout=2", site.Data, ownsDatabase: false);

        var refused = await Should.ThrowAsync<BackupException>(() => away.RestoreAsync(site.Archive));

        refused.Problem.ShouldBe(BackupProblem.Unreachable);
        refused.Message.ShouldNotContain("\n");
        (await Should.ThrowAsync<BackupException>(() => away.BackUpAsync())).Problem.ShouldBe(BackupProblem.Unreachable);
    }

    private static async Task<BackupException> RefusalOf(BackupSite site, ArchiveStart start, ArchiveTable? table = null)
    {
        var path = site[$"{Guid.NewGuid():N}.backup"];
        await using (var file = File.Create(path))
        {
            await using var writer = await ArchiveWriter.CreateAsync(file, new ArchiveKeys(site.KeyFile.TryRead(), null), start, default);
            if (table is not null) await writer.WriteTableAsync(table, new RowReader(new ByteSource(new MemoryStream([0xFF, 0xFF]))), null, default);
            await writer.CompleteAsync([], default);
        }

        return await Should.ThrowAsync<BackupException>(() => site.RestoreAsync(path));
    }
}
