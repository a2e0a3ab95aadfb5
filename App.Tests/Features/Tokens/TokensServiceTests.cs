using System.Net;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Tokens;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Tests.Features.Tokens;

public sealed class TokensServiceTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Create_Token_OpensItsScopeAndIsStoredAsHashOnly()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var made = await MakeAsync(admin, "prometheus on mon1", TokenScopes.HealthRead);

        made.Secret.ShouldNotBeNull().Length.ShouldBe(TokenSecret.Length);
        TokenSecret.HasForm(made.Secret).ShouldBeTrue();
        var stored = await fixture.QueryAsync(db => db.Set<AccessToken>().SingleAsync(t => t.Id == made.Id));
        stored.Hash.ShouldBe(TokenSecret.HashOf(made.Secret));
        stored.Prefix.ShouldBe(made.Secret[..8]);
        using var answer = await HealthAsync(made.Secret);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"components\"");
        var row = await fixture.QueryAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.Action == "tokens.create" && e.SubjectId == made.Id.ToString()));
        row.Detail.ShouldNotBeNull().ShouldContain("health.read");
        $"{row.Detail}{row.Before}{row.After}".ShouldNotContain(made.Secret[8..]);
    }

    [Fact]
    public async Task Use_Token_NotesMinuteAndAddress()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var made = await MakeAsync(admin, "noted", TokenScopes.HealthRead);

        (await HealthAsync(made.Secret!)).Dispose();
        (await HealthAsync(made.Secret!)).Dispose();

        var row = (await admin.Get<TokensService>().ListAsync(TokensService.Defaults.WithSearch("noted"), default)).Rows.ShouldHaveSingleItem();
        row.LastUsedAt.ShouldNotBeNull().Second.ShouldBe(0);
        row.LastUsedFrom.ShouldBe("127.0.0.1");
        row.Owner.ShouldBe("Ada Lovelace");
    }

    [Fact]
    public async Task Revoke_Token_IsRefusedAtOnceAndSaysWhy()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var made = await MakeAsync(admin, "to be revoked", TokenScopes.HealthRead);
        var service = admin.Get<TokensService>();

        (await service.RevokeAsync(made.Id!.Value, default)).ShouldBeTrue();
        (await service.RevokeAsync(made.Id.Value, default)).ShouldBeFalse();

        using var answer = await HealthAsync(made.Secret!);
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldContain("invalid_token");
        (await answer.Content.ReadAsStringAsync()).ShouldContain("to be revoked was revoked on");
        (await service.ListAsync(TokensService.Defaults.WithFilter("state", "revoked"), default)).Rows.ShouldContain(r => r.Id == made.Id);
        (await service.ListAsync(TokensService.Defaults.WithFilter("state", "active"), default)).Rows.ShouldNotContain(r => r.Id == made.Id);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "tokens.revoke" && e.SubjectId == made.Id.ToString()))).ShouldBe(1);
    }

    [Fact]
    public async Task Use_ExpiredUnknownWrongScopeOrNone_SaysWhatToDo()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var expired = await MakeAsync(admin, "old one", TokenScopes.HealthRead);
        await fixture.QueryAsync(db => db.Set<AccessToken>().Where(t => t.Id == expired.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.ExpiresAt, DateTimeOffset.UtcNow.AddMinutes(-1))));
        var narrow = await MakeAsync(admin, "metrics only", TokenScopes.MetricsRead);

        (await RefusedAsync(expired.Secret!, 401)).ShouldContain("old one expired on");
        (await RefusedAsync(TokenSecret.New(), 401)).ShouldContain("is not known");
        (await RefusedAsync("ba_short", 401)).ShouldContain("is not known");
        (await RefusedAsync(narrow.Secret!, 403)).ShouldContain("metrics only lacks the scope health.read");
        using var browser = fixture.Browser();
        using var bare = await browser.GetAsync("/health", ("Accept", "application/json"));
        ((int)bare.StatusCode).ShouldBe(401);
        (await bare.Content.ReadAsStringAsync()).ShouldContain("Authorization: Bearer");
    }

    [Fact]
    public async Task Use_OwnerIsClosed_IsRefused()
    {
        await fixture.AddUserAsync("leaver@example.org", Roles.Administrator);
        TokenResult made;
        Guid leaver;
        await using (var scope = await fixture.ActAsAsync("leaver@example.org"))
        {
            made = await MakeAsync(scope, "of the leaver", TokenScopes.HealthRead);
            leaver = scope.Session.UserId;
        }

        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        (await admin.Get<UserAdministration>().DeactivateAsync(leaver, default)).Outcome.ShouldBe(UserOutcome.Done);

        (await RefusedAsync(made.Secret!, 401)).ShouldContain("belongs to a closed account");
        var row = (await admin.Get<TokensService>().ListAsync(TokensService.Defaults.WithSearch("of the leaver"), default)).Rows.ShouldHaveSingleItem();
        row.StateAt(DateTimeOffset.UtcNow).ShouldBe(TokenState.OwnerClosed);
    }

    [Theory]
    [InlineData("", "metrics.read", 1, TokenProblem.NameMissing)]
    [InlineData("x", "", 1, TokenProblem.ScopesMissing)]
    [InlineData("x", "everything", 1, TokenProblem.ScopeUnknown)]
    [InlineData("x", "metrics.read", -1, TokenProblem.ExpiryPast)]
    [InlineData("x", "metrics.read", 4000, TokenProblem.ExpiryTooFar)]
    public async Task Create_BadInput_NamesTheField(string name, string scope, int days, TokenProblem expected)
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);

        var result = await admin.Get<TokensService>().CreateAsync(new NewToken(name, scope.Length == 0 ? [] : [scope], DateTimeOffset.UtcNow.AddDays(days)), default);

        result.Problem.ShouldBe(expected);
        result.Secret.ShouldBeNull();
    }

    [Fact]
    public async Task EveryMethod_WithoutThePermission_IsRefused()
    {
        await fixture.AddUserAsync("tokenless@example.org", Roles.Operator);
        await fixture.AddUserAsync("reader@example.org", Roles.Auditor);
        await using var none = await fixture.ActAsAsync("tokenless@example.org");
        await using var reader = await fixture.ActAsAsync("reader@example.org");

        await Should.ThrowAsync<ForbiddenException>(() => none.Get<TokensService>().ListAsync(TokensService.Defaults, default));
        await reader.Get<TokensService>().ListAsync(TokensService.Defaults, default);
        await Should.ThrowAsync<ForbiddenException>(() => reader.Get<TokensService>().CreateAsync(new NewToken("x", [TokenScopes.MetricsRead], null), default));
        await Should.ThrowAsync<ForbiddenException>(() => reader.Get<TokensService>().RevokeAsync(Guid.NewGuid(), default));
    }

    [Fact]
    public async Task Show_ManyWrongOnes_WaitsWithoutLockingAnybodyElse()
    {
        var time = new FakeTime();
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var made = await MakeAsync(admin, "beside a guesser", TokenScopes.HealthRead);
        using var door = new TokenDoor(admin.Get<IDbContextFactory<BlazorAdmin.Data.AppDbContext>>(), admin.Get<BlazorAdmin.Live.Topic<TokensChanged>>(), admin.Get<TokenScopeCatalog>(), time);
        for (var i = 0; i < TokenDoor.MostFailures; i++) (await door.ShowAsync(TokenSecret.New(), "192.0.2.7", default)).Refusal.ShouldBe(TokenRefusal.Unknown);

        (await door.ShowAsync(TokenSecret.New(), "192.0.2.7", default)).Refusal.ShouldBe(TokenRefusal.TooManyFailures);
        (await door.ShowAsync(made.Secret!, "192.0.2.8", default)).Refusal.ShouldBe(TokenRefusal.None);
        time.Advance(TokenDoor.Window);
        (await door.ShowAsync(made.Secret!, "192.0.2.7", default)).Refusal.ShouldBe(TokenRefusal.None);
    }

    [Fact]
    public async Task Show_GuesserBesideAScraper_RefusesNoTokenThatWasAcceptedLately()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        var (used, unused) = (await MakeAsync(admin, "used before", TokenScopes.HealthRead), await MakeAsync(admin, "never used", TokenScopes.HealthRead));
        using var door = new TokenDoor(admin.Get<IDbContextFactory<BlazorAdmin.Data.AppDbContext>>(), admin.Get<BlazorAdmin.Live.Topic<TokensChanged>>(), admin.Get<TokenScopeCatalog>(), new FakeTime());
        (await door.ShowAsync(used.Secret!, "2001:db8::1", default)).Refusal.ShouldBe(TokenRefusal.None);
        for (var i = 0; i < TokenDoor.MostFailures; i++) await door.ShowAsync("ba_wrong", $"2001:db8::{i:x}", default);

        (await door.ShowAsync("ba_wrong", "2001:db8::ffff", default)).Refusal.ShouldBe(TokenRefusal.TooManyFailures);
        (await door.ShowAsync(unused.Secret!, "2001:db8::2", default)).Refusal.ShouldBe(TokenRefusal.TooManyFailures);
        (await door.ShowAsync(unused.Secret!, "2001:db8:0:1::2", default)).Refusal.ShouldBe(TokenRefusal.None);
        (await door.ShowAsync(used.Secret!, "2001:db8::1", default)).Refusal.ShouldBe(TokenRefusal.None);
        await admin.Get<TokensService>().RevokeAsync(used.Id!.Value, default);
        await Eventually.Holds(async () => (await door.ShowAsync(used.Secret!, "2001:db8::1", default)).Refusal == TokenRefusal.TooManyFailures);
    }

    [Fact]
    public async Task Show_MoreAddressesThanAreCounted_ForgetsTheOldestOnly()
    {
        var time = new FakeTime();
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        using var door = new TokenDoor(admin.Get<IDbContextFactory<BlazorAdmin.Data.AppDbContext>>(), admin.Get<BlazorAdmin.Live.Topic<TokensChanged>>(), admin.Get<TokenScopeCatalog>(), time);
        await FailAsync("192.0.2.1");
        for (var i = 0; i < TokenDoor.MostAddresses - 2; i++) await door.ShowAsync("ba_wrong", $"10.0.{i / 250}.{i % 250}", default);
        time.Advance(TimeSpan.FromSeconds(1));
        await FailAsync("192.0.2.2");
        await door.ShowAsync("ba_wrong", "192.0.2.3", default);

        (await door.ShowAsync("ba_wrong", "192.0.2.2", default)).Refusal.ShouldBe(TokenRefusal.TooManyFailures);

        async Task FailAsync(string address)
        {
            for (var i = 0; i < TokenDoor.MostFailures; i++) await door.ShowAsync("ba_wrong", address, default);
        }
    }

    [Fact]
    public async Task Scope_MakerLacksItsPermission_IsNeitherGivenNorOpened()
    {
        var role = Guid.NewGuid();
        var maker = await fixture.AddUserAsync("maker@example.org", Roles.Member);
        await fixture.QueryAsync(db =>
        {
            db.Add(new Role
            {
                Id = role, TenantId = maker.TenantId, Name = "Token maker", NormalizedName = "TOKEN MAKER", ConcurrencyStamp = "1",
                Permissions = { new RolePermission { RoleId = role, Permission = TokensPermissions.Manage }, new RolePermission { RoleId = role, Permission = BlazorAdmin.Shell.ShellSetup.HealthRead } },
            });
            db.Add(new Microsoft.AspNetCore.Identity.IdentityUserRole<Guid> { UserId = maker.Id, RoleId = role });
            db.Audit(Caller.Portal, "test.change");
            return db.SaveChangesAsync();
        });
        await using var scope = await fixture.ActAsAsync("maker@example.org");

        (await scope.Get<TokensService>().CreateAsync(new NewToken("too wide", [TokenScopes.HealthRead, TokenScopes.MetricsRead], null), default)).Problem.ShouldBe(TokenProblem.ScopeForbidden);
        var made = await MakeAsync(scope, "of a maker", TokenScopes.HealthRead);
        using (var open = await HealthAsync(made.Secret!)) open.StatusCode.ShouldBe(HttpStatusCode.OK);
        await fixture.QueryAsync(db => db.Set<RolePermission>().Where(p => p.RoleId == role && p.Permission == BlazorAdmin.Shell.ShellSetup.HealthRead).ExecuteDeleteAsync());

        (await RefusedAsync(made.Secret!, 403)).ShouldContain("whoever made it may not use it any more");
    }

    private static async Task<TokenResult> MakeAsync(ActingScope scope, string name, string tokenScope)
    {
        var result = await scope.Get<TokensService>().CreateAsync(new NewToken(name, [tokenScope], DateTimeOffset.UtcNow.AddDays(30)), default);
        result.Problem.ShouldBe(TokenProblem.None);
        return result;
    }

    private async Task<HttpResponseMessage> HealthAsync(string secret)
    {
        using var client = fixture.Browser();
        return await client.GetAsync("/health", ("Accept", "application/json"), ("Authorization", $"Bearer {secret}"));
    }

    private async Task<string> RefusedAsync(string secret, int status)
    {
        using var answer = await HealthAsync(secret);
        var body = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, body);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return body;
    }
}
