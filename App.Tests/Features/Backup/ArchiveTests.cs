using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Backup.Archive;

namespace BlazorAdmin.Tests.Features.Backup;

/// <summary>The archive itself, without a database: whatever is not exactly what was written is refused.</summary>
public sealed class ArchiveTests
{
    private const int ChunkLog = 6;
    private const int Chunk = (1 << ChunkLog) + SealedChunks.TagBytes;
    private const int Header = 120;

    private static readonly byte[] Key = [.. Enumerable.Range(1, RootKey.Length).Select(i => (byte)i)];
    private static readonly ArchiveKeys Keys = new(Key, null);

    [Fact]
    public async Task Read_AnyByteFlipped_IsRefused()
    {
        var archive = await WriteAsync(Keys);
        for (var at = 0; at < archive.Length; at++)
            foreach (var bit in new[] { 0x01, 0x80 })
            {
                var tampered = archive.ToArray();
                tampered[at] ^= (byte)bit;
                (await RefusalAsync(tampered)).ShouldNotBeNull($"byte {at}, bit {bit:x2}");
            }
    }

    [Fact]
    public async Task Read_CutOffAnywhere_IsRefused()
    {
        var archive = await WriteAsync(Keys);
        for (var length = 0; length < archive.Length; length++) (await RefusalAsync(archive[..length])).ShouldBe(length < 60 ? BackupProblem.NoArchive : BackupProblem.Tampered, $"{length} bytes");
    }

    [Fact]
    public async Task Read_ChunksSwappedLeftOutDoubledOrAdded_IsRefused()
    {
        var archive = await WriteAsync(Keys);
        var other = await WriteAsync(Keys);
        var count = (archive.Length - Header) / Chunk;
        count.ShouldBeGreaterThan(5);
        for (var i = 0; i < count; i++)
        {
            byte[] before = archive[..(Header + (i * Chunk))], chunk = archive[(Header + (i * Chunk))..(Header + ((i + 1) * Chunk))], after = archive[(Header + ((i + 1) * Chunk))..];
            (await RefusalAsync([.. before, .. after])).ShouldBe(BackupProblem.Tampered);
            (await RefusalAsync([.. before, .. chunk, .. chunk, .. after])).ShouldBe(BackupProblem.Tampered);
            (await RefusalAsync([.. before, .. other[(Header + (i * Chunk))..(Header + ((i + 1) * Chunk))], .. after])).ShouldBe(BackupProblem.Tampered);
            if (i + 1 < count) (await RefusalAsync([.. before, .. after[..Chunk], .. chunk, .. after[Chunk..]])).ShouldBe(BackupProblem.Tampered);
        }

        for (var more = 1; more <= 2 * Chunk; more++) (await RefusalAsync([.. archive, .. new byte[more]])).ShouldBe(BackupProblem.Tampered);
        (await RefusalAsync([.. archive, .. archive])).ShouldBe(BackupProblem.Tampered);
        (await RefusalAsync([.. archive[..Header], .. other[Header..]])).ShouldBe(BackupProblem.Tampered);
    }

    [Fact]
    public async Task Read_ContentsFillTheLastChunk_IsWhole()
    {
        // Every length of the last chunk, the empty and the full one among them.
        for (var size = 0; size < 1 << ChunkLog; size++) (await RefusalAsync(await WriteAsync(Keys, RandomNumberGenerator.GetBytes(size)))).ShouldBeNull();
    }

    [Fact]
    public async Task Read_OtherKey_NamesTheOneThatIsNeeded()
    {
        var archive = await WriteAsync(Keys);
        var here = RandomNumberGenerator.GetBytes(RootKey.Length);

        var refused = await Should.ThrowAsync<BackupException>(() => ReadAsync(archive, new ArchiveKeys(here, null)));
        var none = await Should.ThrowAsync<BackupException>(() => ReadAsync(archive, new ArchiveKeys(null, "there is no passphrase in it")));

        refused.Problem.ShouldBe(BackupProblem.OtherKey);
        refused.Message.ShouldContain(RootKey.FingerprintOf(Key)[..8]);
        refused.Message.ShouldContain(RootKey.FingerprintOf(here)[..8]);
        none.Problem.ShouldBe(BackupProblem.OtherKey);
        none.Message.ShouldContain("without a passphrase");
    }

    [Fact]
    public async Task Read_ByPassphrase_BringsTheRootKey()
    {
        var archive = await WriteAsync(new ArchiveKeys(Key, "correct horse battery staple"));

        using var file = new MemoryStream(archive);
        await using (var reader = await ArchiveReader.OpenAsync(file, new ArchiveKeys(null, "correct horse battery staple"), default))
            reader.Header.RootKey.ShouldBe(Key);
        (await RefusalAsync(archive)).ShouldBeNull("the root key opens it too");
        (await Should.ThrowAsync<BackupException>(() => ReadAsync(archive, new ArchiveKeys(null, "incorrect horse battery staple")))).Problem.ShouldBe(BackupProblem.OtherKey);
        // Iterations beyond measure would keep the reader busy for hours.
        BinaryPrimitives.WriteInt32BigEndian(archive.AsSpan(Header), int.MaxValue);
        (await Should.ThrowAsync<BackupException>(() => ReadAsync(archive, new ArchiveKeys(null, "correct horse battery staple")))).Problem.ShouldBe(BackupProblem.Tampered);
    }

    [Fact]
    public async Task Read_NewerFormatOrNoArchive_SaysSo()
    {
        var archive = await WriteAsync(Keys);
        BinaryPrimitives.WriteUInt16BigEndian(archive.AsSpan(8), 2);

        (await RefusalAsync(archive)).ShouldBe(BackupProblem.Newer);
        (await RefusalAsync(Encoding.ASCII.GetBytes(new string('x', 500)))).ShouldBe(BackupProblem.NoArchive);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("conf.d/../../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\evil")]
    [InlineData("a\\..\\b")]
    [InlineData("conf.d//x")]
    [InlineData("..")]
    [InlineData("conf.d/...")]
    [InlineData("x\0y")]
    [InlineData("x. ")]
    [InlineData("")]
    public async Task Read_FileNameLeadsElsewhere_IsRefused(string name)
    {
        ArchiveFormat.IsSafe(new ArchiveFile(ArchiveFileKind.Content, name)).ShouldBeFalse();
        (await RefusalAsync(await WriteAsync(Keys, [1, 2, 3], name))).ShouldBe(BackupProblem.Tampered);
    }

    [Fact]
    public async Task Write_Secrets_AreNotToBeSeen()
    {
        string[] secrets = [.. Enumerable.Range(0, 10).Select(i => $"secret-{i}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}")];
        var archive = Encoding.Latin1.GetString(await WriteAsync(new ArchiveKeys(Key, "correct horse battery staple"), Encoding.UTF8.GetBytes(string.Join('\n', secrets))));

        secrets.ShouldAllBe(secret => !archive.Contains(secret, StringComparison.Ordinal));
        archive.ShouldNotContain(Encoding.Latin1.GetString(Key));
        archive.ShouldNotContain(Convert.ToBase64String(Key));
    }

    [Fact]
    public void RowHash_SameRowsInAnotherOrder_IsTheSameAndTellsRowsApart()
    {
        byte[][] rows = [[1, 2, 3], [4], [], [5, 6], [4]];

        HashOf(rows).ShouldBe(HashOf(rows.Reverse()));
        HashOf(rows).ShouldNotBe(HashOf(rows[..4]));
        HashOf([[1], [2]]).ShouldNotBe(HashOf([[1, 2]]));
        HashOf([]).ShouldBe(new string('0', 64));
    }

    private static string HashOf(IEnumerable<byte[]> rows)
    {
        var hash = new RowHash();
        foreach (var row in rows) hash.Add(row);
        return hash.ToString();
    }

    /// <summary>A small archive with one table of three rows and one file, in chunks of 64 bytes.</summary>
    private static async Task<byte[]> WriteAsync(ArchiveKeys keys, byte[]? content = null, string name = "conf.d/10-mail.yaml")
    {
        var target = new MemoryStream();
        var start = new ArchiveStart(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "1.0", DatabaseProvider.Postgres, "test", ["1_Initial"]);
        await using var writer = await ArchiveWriter.CreateAsync(target, keys, start, default, ChunkLog);
        // Two fields each: a null, and four bytes.
        byte[] row = [0, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 4, 1, 2, 3, 4];
        var rows = new RowReader(new ByteSource(new MemoryStream([.. row, .. row, .. row, 0xFF, 0xFF])));
        (await writer.WriteTableAsync(new ArchiveTable("T", [new ArchiveColumn("A", "bigint"), new ArchiveColumn("B", "integer")]), rows, null, default)).Rows.ShouldBe(3);
        await writer.WriteFileAsync(new ArchiveFile(ArchiveFileKind.Configuration, name), new MemoryStream(content ?? RandomNumberGenerator.GetBytes(300)), null, default);
        await writer.CompleteAsync([new SequenceState("S", 7, true)], default);
        return target.ToArray();
    }

    private static async Task<BackupProblem?> RefusalAsync(byte[] archive)
    {
        try
        {
            await ReadAsync(archive, Keys);
            return null;
        }
        catch (BackupException refused)
        {
            return refused.Problem;
        }
    }

    private static async Task ReadAsync(byte[] archive, ArchiveKeys keys)
    {
        using var file = new MemoryStream(archive);
        await using var reader = await ArchiveReader.OpenAsync(file, keys, default);
        var manifest = await reader.ReadAsync(null, default);
        manifest.Rows.ShouldBe(3);
    }
}
