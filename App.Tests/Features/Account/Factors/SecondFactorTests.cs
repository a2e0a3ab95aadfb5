using System.Text;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Account.Factors;

public sealed class SecondFactorTests : IClassFixture<DatabaseFixture>
{
    private readonly FakeTime _time = new();
    private readonly TestDatabases _databases;
    private readonly RecoveryCodes _recovery;
    private readonly SecondFactor _factor;

    public SecondFactorTests(DatabaseFixture fixture)
    {
        _databases = new TestDatabases(fixture.ConnectionString);
        var key = new RootKey();
        key.Load([.. Enumerable.Range(0, RootKey.Length).Select(i => (byte)i)]);
        _recovery = new RecoveryCodes(key, _time);
        _factor = new SecondFactor(new SecretBox(key), _recovery, _time, NullLogger<SecondFactor>.Instance);
    }

    [Fact]
    public async Task Use_SameCodeTwice_CountsOnce()
    {
        var (user, seed) = await PersonAsync();
        var code = Totp.CodeAt(seed, Totp.StepOf(_time.GetUtcNow()));

        (await UseAsync(user, code)).ShouldBe(SignInMethod.Authenticator);
        (await UseAsync(user, code)).ShouldBeNull("replayed");
        _time.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        (await UseAsync(user, code)).ShouldBeNull("still within the window, but used");
        (await UseAsync(user, Totp.CodeAt(seed, Totp.StepOf(_time.GetUtcNow())))).ShouldBe(SignInMethod.Authenticator);
    }

    [Fact]
    public async Task Use_SameCodeManyTimesAtOnce_CountsOnce()
    {
        var (user, seed) = await PersonAsync();
        var code = Totp.CodeAt(seed, Totp.StepOf(_time.GetUtcNow()));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => UseAsync(user, code)));

        answers.Count(answer => answer is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Use_CodeOutsideTheWindow_IsRefused()
    {
        var (user, seed) = await PersonAsync();
        var step = Totp.StepOf(_time.GetUtcNow());

        (await UseAsync(user, Totp.CodeAt(seed, step - 2))).ShouldBeNull();
        (await UseAsync(user, Totp.CodeAt(seed, step + 2))).ShouldBeNull();
        (await UseAsync(user, $"{Totp.CodeAt(seed, step - 1)[..3]} {Totp.CodeAt(seed, step - 1)[3..]}")).ShouldBe(SignInMethod.Authenticator, "a space as the apps show it");
    }

    [Fact]
    public async Task Use_RecoveryCode_CountsOnceHoweverItIsTyped()
    {
        var (user, _) = await PersonAsync();
        var codes = await CodesAsync(user);

        codes.Count.ShouldBe(RecoveryCodes.Count);
        codes.Distinct().Count().ShouldBe(RecoveryCodes.Count);
        (await UseAsync(user, codes[0])).ShouldBe(SignInMethod.RecoveryCode);
        (await UseAsync(user, codes[0])).ShouldBeNull("used");
        (await UseAsync(user, codes[1].ToLowerInvariant().Replace('-', ' '))).ShouldBe(SignInMethod.RecoveryCode);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => UseAsync(user, codes[2])));
        answers.Count(answer => answer is not null).ShouldBe(1);
        await using var db = _databases.CreateDbContext();
        (await RecoveryCodes.LeftAsync(db, user, default)).ShouldBe(RecoveryCodes.Count - 3);
    }

    [Fact]
    public async Task Use_RecoveryCodeOfSomebodyElseOrOfAnOlderSet_IsRefused()
    {
        var (user, _) = await PersonAsync();
        var (other, _) = await PersonAsync();
        var older = await CodesAsync(user);
        await CodesAsync(user);
        var foreign = await CodesAsync(other);

        (await UseAsync(user, older[0])).ShouldBeNull();
        (await UseAsync(user, foreign[0])).ShouldBeNull();
    }

    [Fact]
    public async Task Stored_SeedAndCodes_AreSealedAndHashed()
    {
        var (user, seed) = await PersonAsync();
        var (other, _) = await PersonAsync();
        var codes = await CodesAsync(user);
        await using var db = _databases.CreateDbContext();
        var stored = (await db.Users.SingleAsync(u => u.Id == user)).AuthenticatorSeed!;

        stored.ShouldNotContain(Base32.Encode(seed));
        foreach (var hash in await db.Set<RecoveryCode>().Where(c => c.UserId == user).Select(c => c.Hash).ToListAsync())
        {
            hash.Length.ShouldBe(32);
            codes.ShouldNotContain(code => Encoding.UTF8.GetString(hash).Contains(code, StringComparison.Ordinal));
        }

        // Copied into another row it opens nothing.
        await db.Users.Where(u => u.Id == other).ExecuteUpdateAsync(set => set.SetProperty(u => u.AuthenticatorSeed, stored));
        (await UseAsync(other, Totp.CodeAt(seed, Totp.StepOf(_time.GetUtcNow())))).ShouldBeNull();
    }

    private async Task<(Guid User, byte[] Seed)> PersonAsync()
    {
        await using var db = _databases.CreateDbContext();
        var (id, seed) = (Guid.NewGuid(), Totp.NewSeed());
        db.Add(new User
        {
            Id = id, TenantId = AppDbContext.DefaultTenant, UserName = $"{id:N}@example.org", NormalizedUserName = $"{id:N}@EXAMPLE.ORG",
            DisplayName = "Somebody", AuthenticatorSeed = _factor.Seal(id, Base32.Encode(seed)), AuthenticatorSince = _time.GetUtcNow(),
        });
        using (AuditScope.EngineOwn()) await db.SaveChangesAsync();
        return (id, seed);
    }

    private async Task<IReadOnlyList<string>> CodesAsync(Guid user)
    {
        await using var db = _databases.CreateDbContext();
        var codes = await _recovery.RenewAsync(db, user, default);
        await db.SaveChangesAsync();
        return codes;
    }

    private async Task<SignInMethod?> UseAsync(Guid user, string typed)
    {
        await using var db = _databases.CreateDbContext();
        return await _factor.UseAsync(db, user, typed, default);
    }
}
