using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Security;

public sealed class SignInThrottleTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private readonly FakeTime _time = new();
    private readonly SecurityOptions _options = new();

    [Fact]
    public async Task Begin_LimitReached_LocksUntilTheWindowEnds()
    {
        var throttle = Throttle();
        for (var i = 1; i <= 5; i++) (await throttle.BeginAsync("A@X", "10.0.0.1", default)).ShouldBe(new AttemptVerdict(false, i == 5, false));

        (await throttle.BeginAsync("A@X", "10.0.0.1", default)).Locked.ShouldBeTrue();
        (await throttle.BeginAsync("A@X", "10.0.0.2", default)).Locked.ShouldBeFalse("another address");
        (await throttle.BeginAsync("B@X", "10.0.0.1", default)).Locked.ShouldBeFalse("another account");
        _time.Advance(TimeSpan.FromMinutes(14));
        (await throttle.BeginAsync("A@X", "10.0.0.1", default)).Locked.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(2));
        (await throttle.BeginAsync("A@X", "10.0.0.1", default)).Locked.ShouldBeFalse("attempts while locked do not prolong it");
    }

    [Fact]
    public async Task Begin_ManyAtOnce_LetsNoMoreThanTheLimitThrough()
    {
        var throttle = Throttle();

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => throttle.BeginAsync("PARALLEL@X", "10.0.1.1", default)));

        verdicts.Count(v => !v.Locked).ShouldBe(5);
    }

    [Fact]
    public async Task Begin_AccountAttackedFromManyAddresses_IsSlowNotLocked()
    {
        var throttle = Throttle();
        for (var i = 0; i < 20; i++) (await throttle.BeginAsync("SPREAD@X", $"10.1.0.{i}", default)).Slow.ShouldBeFalse();

        (await throttle.BeginAsync("SPREAD@X", "10.1.1.1", default)).ShouldBe(new AttemptVerdict(Locked: false, JustLocked: false, Slow: true));
    }

    [Fact]
    public async Task Begin_AddressTriesManyAccounts_Waits()
    {
        _options.FailuresPerAddress = 10;
        var throttle = Throttle();
        for (var i = 0; i < 10; i++) (await throttle.BeginAsync($"SPRAY{i}@X", "10.2.0.1", default)).Locked.ShouldBeFalse();

        (await throttle.BeginAsync("SPRAY11@X", "10.2.0.1", default)).ShouldBe(new AttemptVerdict(Locked: true, JustLocked: true, Slow: false));
        (await throttle.BeginAsync("SPRAY12@X", "10.2.0.1", default)).JustLocked.ShouldBeFalse("said once");
    }

    [Fact]
    public async Task Succeed_AfterFailures_StartsAnew()
    {
        var throttle = Throttle();
        for (var i = 0; i < 4; i++) await throttle.BeginAsync("GOOD@X", "10.3.0.1", default);

        await throttle.SucceedAsync("GOOD@X", "10.3.0.1", default);

        for (var i = 0; i < 5; i++) (await throttle.BeginAsync("GOOD@X", "10.3.0.1", default)).Locked.ShouldBeFalse();
    }

    [Fact]
    public async Task TakeBack_RightPasswordBeforeTheCode_KeepsEarlierFailures()
    {
        var throttle = Throttle();
        for (var i = 0; i < 4; i++) await throttle.BeginAsync("HALF@X", "10.5.0.1", default);

        for (var i = 0; i < 10; i++)
        {
            (await throttle.BeginAsync("HALF@X", "10.5.0.1", default)).Locked.ShouldBeFalse();
            await throttle.TakeBackAsync("HALF@X", "10.5.0.1", default);
        }

        (await throttle.BeginAsync("HALF@X", "10.5.0.1", default)).ShouldBe(new AttemptVerdict(Locked: false, JustLocked: true, Slow: false));
        (await throttle.BeginAsync("HALF@X", "10.5.0.1", default)).Locked.ShouldBeTrue();
    }

    [Fact]
    public async Task TakeBackAccount_NobodyAsked_TheAddressKeepsItsCount()
    {
        var throttle = Throttle();
        var limit = new SecurityOptions().FailuresPerAddress;
        for (var i = 0; i < limit; i++)
        {
            (await throttle.BeginAsync("UNASKED@X", "10.9.0.1", default)).ShouldBe(new AttemptVerdict(Locked: false, JustLocked: false, Slow: false));
            await throttle.TakeBackAccountAsync("UNASKED@X", "10.9.0.1", default);
        }

        (await throttle.BeginAsync("UNASKED@X", "10.9.0.1", default)).Locked.ShouldBeTrue();
        (await throttle.BeginAsync("UNASKED@X", "10.9.1.1", default)).Locked.ShouldBeFalse("the person elsewhere");
    }

    [Fact]
    public async Task Unlock_LockedAccount_MaySignInAgain()
    {
        var throttle = Throttle();
        for (var i = 0; i < 6; i++) await throttle.BeginAsync("UNLOCK@X", "10.4.0.1", default);
        await using var db = new TestDatabases(fixture.ConnectionString).CreateDbContext();
        (await throttle.IsLockedAsync(db, "UNLOCK@X", default)).ShouldBeTrue();

        await SignInThrottle.UnlockAsync(db, "UNLOCK@X", default);

        (await throttle.IsLockedAsync(db, "UNLOCK@X", default)).ShouldBeFalse();
        (await throttle.BeginAsync("UNLOCK@X", "10.4.0.1", default)).Locked.ShouldBeFalse();
    }

    [Fact]
    public async Task BeginCode_GuessedFromManyAddresses_LocksTheAccountForTheWindow()
    {
        var throttle = Throttle();
        for (var i = 1; i <= 10; i++) (await throttle.BeginCodeAsync("CODES@X", $"10.6.0.{i}", default)).ShouldBe(new AttemptVerdict(false, i == 10, false));
        await using var db = new TestDatabases(fixture.ConnectionString).CreateDbContext();

        (await throttle.BeginCodeAsync("CODES@X", "10.6.1.1", default)).ShouldBe(new AttemptVerdict(Locked: true, JustLocked: false, Slow: false));
        (await throttle.IsLockedAsync(db, "CODES@X", default)).ShouldBeTrue();
        (await throttle.BeginAsync("CODES@X", "10.6.1.1", default)).Locked.ShouldBeFalse("the password may still be looked at");
        (await throttle.BeginCodeAsync("OTHER@X", "10.6.1.1", default)).Locked.ShouldBeFalse("another account");
        await SignInThrottle.UnlockAsync(db, "CODES@X", default);
        (await throttle.BeginCodeAsync("CODES@X", "10.6.1.1", default)).Locked.ShouldBeFalse("unlocked");
        for (var i = 2; i <= 10; i++) await throttle.BeginCodeAsync("CODES@X", $"10.6.2.{i}", default);
        (await throttle.BeginCodeAsync("CODES@X", "10.6.3.1", default)).Locked.ShouldBeTrue();
        _time.Advance(TimeSpan.FromMinutes(16));
        (await throttle.BeginCodeAsync("CODES@X", "10.6.3.1", default)).Locked.ShouldBeFalse("the window is over");
    }

    [Fact]
    public async Task BeginCode_ManyAtOnce_LetsNoMoreThanTheLimitThrough()
    {
        var throttle = Throttle();

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => throttle.BeginCodeAsync("CODES-PARALLEL@X", $"10.7.0.{i}", default)));

        verdicts.Count(v => !v.Locked).ShouldBe(10);
    }

    [Fact]
    public async Task SucceedCode_AfterWrongOnes_StartsAnew()
    {
        var throttle = Throttle();
        for (var i = 0; i < 9; i++) await throttle.BeginCodeAsync("RIGHT@X", $"10.8.0.{i}", default);
        (await throttle.BeginCodeAsync("RIGHT@X", "10.8.0.10", default)).Locked.ShouldBeFalse();

        await throttle.SucceedCodeAsync("RIGHT@X", "10.8.0.10", default);

        for (var i = 0; i < 10; i++) (await throttle.BeginCodeAsync("RIGHT@X", $"10.8.1.{i}", default)).Locked.ShouldBeFalse();
    }

    [Fact]
    public async Task Begin_AddressesOfOneIPv6Network_CountAsOne()
    {
        var throttle = Throttle();
        for (var i = 1; i <= 5; i++) (await throttle.BeginAsync("SIX@X", $"2001:db8:0:1::{i}", default)).Locked.ShouldBeFalse();

        (await throttle.BeginAsync("SIX@X", "2001:db8:0:1:ffff::6", default)).Locked.ShouldBeTrue();
        (await throttle.BeginAsync("SIX@X", "2001:db8:0:2::1", default)).Locked.ShouldBeFalse("another network");
        await throttle.SucceedAsync("SIX@X", "2001:db8:0:1:abcd::7", default);
        (await throttle.BeginAsync("SIX@X", "2001:db8:0:1::1", default)).Locked.ShouldBeFalse("the pair starts anew");
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData("unknown", "unknown")]
    public void NetworkOf_Address_IsWhatIsCounted(string address, string expected) => BlazorAdmin.Security.Http.ClientAddress.NetworkOf(address).ShouldBe(expected);

    private SignInThrottle Throttle() => new(new TestDatabases(fixture.ConnectionString), TestDatabases.Dialect, new FixedOptions(_options), _time);

    private sealed class FixedOptions(SecurityOptions value) : IOptionsMonitor<SecurityOptions>
    {
        public SecurityOptions CurrentValue => value;

        public SecurityOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<SecurityOptions, string?> listener) => null;
    }
}
