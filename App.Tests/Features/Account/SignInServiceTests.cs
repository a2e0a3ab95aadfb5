using BlazorAdmin.Data;
using BlazorAdmin.Features.Account;
using BlazorAdmin.Features.Account.Factors;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Tests.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Account;

/// <summary>Sign-ins that meet a change of the account half-way.</summary>
public sealed class SignInServiceTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly SignInPlace Place = new("192.0.2.9", "tests");

    public static TheoryData<string, Action<UpdateSettersBuilder<User>>> Changes => new()
    {
        { "password", set => set.SetProperty(u => u.SecurityStamp, "another") },
        { "closed", set => set.SetProperty(u => u.DeactivatedAt, DateTimeOffset.UtcNow) },
        { "factor", set => set.SetProperty(u => u.AuthenticatorSince, DateTimeOffset.UtcNow) },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task SignIn_AccountChangesWhileThePasswordIsChecked_IsRefusedAndLeavesNoSession(string what, Action<UpdateSettersBuilder<User>> change)
    {
        var user = await fixture.AddUserAsync($"meets-{what}@example.org", Roles.Member);
        await using var scope = fixture.Services.CreateAsyncScope();
        var service = ActivatorUtilities.CreateInstance<SignInService>(scope.ServiceProvider, new MeanwhileHasher(scope.ServiceProvider, db => Change(db, user.Id, change)));

        var result = await service.SignInAsync(user.Email!, PortalFixture.Password, remember: false, Place, default);

        result.Outcome.ShouldBe(SignInOutcome.Wrong);
        await NoSessionAsync(user.Id);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "account.sign_in" && e.SubjectId == user.Id.ToString()).Select(e => e.Outcome).ToListAsync())).ShouldBe([AuditOutcome.Failed]);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Start_AccountChangedSinceItWasRead_StartsNothing(string what, Action<UpdateSettersBuilder<User>> change)
    {
        var user = await fixture.AddUserAsync($"stale-{what}@example.org", Roles.Member);
        await using var scope = fixture.Services.CreateAsyncScope();
        await fixture.QueryAsync(db => Change(db, user.Id, change));

        (await scope.ServiceProvider.GetRequiredService<SignInService>().StartAsync(user, remember: false, Place, "account.sign_in", SignInMethod.Passkey, default)).ShouldBeNull();

        await NoSessionAsync(user.Id);
    }

    [Fact]
    public async Task SignIn_RightElsewhereButNobody_StartsNoSessionOfTheAccountOfThatName()
    {
        var user = await fixture.AddUserAsync("right-of-nobody@example.org", Roles.Member);
        await using var scope = fixture.Services.CreateAsyncScope();

        var result = await ActivatorUtilities.CreateInstance<SignInService>(scope.ServiceProvider, new RightOfNobody()).SignInAsync(user.Email!, "whatever", remember: false, Place, default);

        result.Outcome.ShouldBe(SignInOutcome.Wrong);
        await NoSessionAsync(user.Id);
    }

    private sealed class RightOfNobody : IExternalPasswords
    {
        public SignInMethod Method => SignInMethod.Directory;

        public bool IsEnabled => true;

        public bool IsDown => false;

        public bool Concerns(User? user) => true;

        public Task<ExternalAnswer> SignInAsync(string login, string password, CancellationToken cancellation) => Task.FromResult(new ExternalAnswer(ExternalOutcome.Right));

        public Task<ExternalAnswer> CheckAsync(User user, string password, CancellationToken cancellation) => SignInAsync("", password, cancellation);
    }

    [PostgresFact]
    public async Task Deactivate_SignInHalfWay_EndsItsSessionToo()
    {
        var user = await fixture.AddUserAsync("half-way@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var db = await fixture.Services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSignInAt, DateTimeOffset.UtcNow));
        var session = fixture.Services.GetRequiredService<SessionClock>().Start(user, remember: false, Place.Address, Place.UserAgent);
        db.Add(session);
        await db.SaveChangesAsync();

        var closing = admin.Get<UserAdministration>().DeactivateAsync(user.Id, default);
        await Eventually.Holds(() => fixture.QueryAsync(q => q.Database.SqlQuery<bool>(
            $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock') AS \"Value\"").SingleAsync()), because: "closing waits for the sign-in");
        await transaction.CommitAsync();

        (await closing).Outcome.ShouldBe(UserOutcome.Done);
        (await fixture.QueryAsync(q => q.Set<SignInSession>().SingleAsync(s => s.Id == session.Id))).EndReason.ShouldBe(SessionEnd.Deactivated);
    }

    [Fact]
    public async Task SignIn_PasswordInTheFieldOfTheName_StandsInNoJob()
    {
        const string typed = "correct horse battery";
        var user = await fixture.AddUserAsync("often-wrong@example.org", Roles.Member);
        await using var scope = fixture.Services.CreateAsyncScope();
        var service = scope.ServiceProvider.GetRequiredService<SignInService>();
        foreach (var (name, address) in new[] { (typed, "192.0.2.71"), (user.Email!, "192.0.2.72") })
            for (var i = 0; i < 5; i++) await service.SignInAsync(name, "wrong", remember: false, new SignInPlace(address, "tests"), default);

        var jobs = await fixture.QueryAsync(db => db.Set<Job>().Where(j => j.Type == "account.locked").Select(j => j.Arguments).ToListAsync());
        jobs.Count(arguments => arguments.Contains("192.0.2.71", StringComparison.Ordinal)).ShouldBe(1, "for nobody's account too");
        jobs.ShouldAllBe(arguments => !arguments.Contains("horse", StringComparison.OrdinalIgnoreCase));
        jobs.ShouldContain(arguments => arguments.Contains(user.NormalizedEmail!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ChangePassword_Done_TellsTheOwnerAndTakesBackUnusedLinks()
    {
        var user = await fixture.AddUserAsync("tells@example.org", Roles.Member);
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var link = (await admin.Get<UserAdministration>().MakePasswordLinkAsync(user.Id, default)).LinkToken!;
        await using var person = await fixture.ActAsAsync(user.Email!);
        (await admin.Get<SignInLinks>().FindAsync(link, default)).ShouldNotBeNull();

        (await person.Get<AccountService>().ChangePasswordAsync(PortalFixture.Password, "eight wooden spoons", default)).Result.ShouldBe(PasswordChange.Done);

        (await admin.Get<SignInLinks>().FindAsync(link, default)).ShouldBeNull();
        (await admin.Get<SignInLinks>().UseAsync(link, "nine wooden spoons", Place, default)).ShouldBeNull();
        (await fixture.QueryAsync(db => db.Set<BlazorAdmin.Features.Notifications.Notification>().Where(n => n.UserId == user.Id).Select(n => n.TitleKey).ToListAsync())).ShouldBe(["PasswordChangedTitle"]);
    }

    [Fact]
    public void PasskeyAttempts_OneAddressSendsRubbish_DoesNotSilenceAnother()
    {
        using var attempts = new PasskeyAttempts();
        for (var i = 0; i < PasskeyAttempts.PerMinute; i++) attempts.Allow($"2001:db8::{i + 1:x}").ShouldBeTrue();

        attempts.Allow("2001:db8::ffff").ShouldBeFalse("the same network");
        attempts.Allow("192.0.2.1").ShouldBeTrue();
    }

    private static Task<int> Change(AppDbContext db, Guid user, Action<UpdateSettersBuilder<User>> change) => db.Users.Where(u => u.Id == user).ExecuteUpdateAsync(change);

    private async Task NoSessionAsync(Guid user) =>
        (await fixture.QueryAsync(db => db.Set<SignInSession>().CountAsync(s => s.UserId == user))).ShouldBe(0);

    /// <summary>Checks passwords as the portal does; the account changes while it does so.</summary>
    private sealed class MeanwhileHasher(IServiceProvider services, Func<AppDbContext, Task<int>> change) : IPasswordHasher<User>
    {
        private readonly IPasswordHasher<User> _inner = services.GetRequiredService<IPasswordHasher<User>>();

        public string HashPassword(User user, string password) => _inner.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            using var db = services.GetRequiredService<IDbContextFactory<AppDbContext>>().CreateDbContext();
            change(db).GetAwaiter().GetResult();
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
