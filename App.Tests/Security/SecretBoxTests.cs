using System.Security.Cryptography;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Settings;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Configuration;

namespace BlazorAdmin.Tests.Security;

public sealed class SecretBoxTests
{
    [Fact]
    public void Open_SealedHere_GivesTheSecretBack()
    {
        var box = Box();

        box.Open("mail", box.Seal("mail", "pässword")).ShouldBe("pässword");
        box.Seal("mail", "same").ShouldNotBe(box.Seal("mail", "same"));
    }

    [Fact]
    public void Open_OtherPurposeOtherKeyOrChanged_Fails()
    {
        var (box, other) = (Box(), Box());
        var text = box.Seal("mail", "secret");
        var changed = text[..^3] + (text[^3] == 'A' ? 'B' : 'A') + text[^2..];

        Should.Throw<CryptographicException>(() => box.Open("ldap", text));
        Should.Throw<CryptographicException>(() => other.Open("mail", text));
        Should.Throw<CryptographicException>(() => box.Open("mail", changed));
        Should.Throw<CryptographicException>(() => box.Open("mail", "v1.x"));
        Should.Throw<CryptographicException>(() => box.Open("mail", "plain"));
    }

    private static SecretBox Box()
    {
        var key = new RootKey();
        key.Load(RandomNumberGenerator.GetBytes(RootKey.Length));
        return new SecretBox(key);
    }
}

public sealed class RootKeyTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task Seed_FirstStartThenLostThenForeignKey_RefusesWithTheRemedy()
    {
        using var folder = new TestFolder();
        var data = Data(folder, "a");
        var file = new RootKeyFile(data, Settings(null));
        await using var db = new TestDatabases(fixture.ConnectionString).CreateDbContext();

        await Seed(db, file);
        var first = await File.ReadAllTextAsync(file.FilePath);
        await Seed(db, file);

        (await File.ReadAllTextAsync(file.FilePath)).ShouldBe(first);
        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file.FilePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await db.Set<SystemValue>().Where(v => v.Value!.Contains(first.Trim())).CountAsync()).ShouldBe(0);

        File.Delete(file.FilePath);
        (await Should.ThrowAsync<StartupException>(() => Seed(db, file))).Message.ShouldContain(file.FilePath);
        File.Exists(file.FilePath).ShouldBeFalse("a lost key is not replaced");

        var foreign = new RootKeyFile(data, Settings(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))));
        (await Should.ThrowAsync<StartupException>(() => Seed(db, foreign))).Message.ShouldContain("not the one of this database");

        // The key that was printed works from the environment, too.
        await Seed(db, new RootKeyFile(Data(folder, "b"), Settings(first.Trim())));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("not base64 at all, is it? no, certainly not!")]
    public void TryRead_Nonsense_SaysWhatIsExpected(string value)
    {
        using var folder = new TestFolder();

        Should.Throw<StartupException>(() => new RootKeyFile(Data(folder, "a"), Settings(value)).TryRead()).Message.ShouldContain("32 bytes");
    }

    private static Task Seed(AppDbContext db, RootKeyFile file)
    {
        db.ChangeTracker.Clear();
        return new RootKeySeed(new RootKey(), file, TimeProvider.System).SeedAsync(db, CancellationToken.None);
    }

    private static DataDirectory Data(TestFolder folder, string name)
    {
        var data = new DataDirectory(folder[name]);
        Directory.CreateDirectory(data.Keys);
        return data;
    }

    private static IConfiguration Settings(string? key) => new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create("RootKey", key)]).Build();
}
