using BlazorAdmin.Data.Keys;
using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Drafts;

public sealed class DraftStoreTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Save_Twice_KeepsTheLastForItsPersonOnly()
    {
        await using var ada = await ActAsync("ada");
        await using var bob = await ActAsync("bob");
        var store = ada.Get<DraftStore>();

        (await store.SaveAsync("/admin/users/new#new-user", Content(("new-name", "Grace")), default)).ShouldBe(DraftOutcome.Kept);
        (await store.SaveAsync("/admin/users/new#new-user", Content(("new-name", "Grace H"), ("new-email", "grace@")), default)).ShouldBe(DraftOutcome.Kept);

        var draft = (await store.FindAsync("/admin/users/new#new-user", default)).ShouldNotBeNull();
        draft.Content.Fields["new-name"].Value.ShouldBe("Grace H");
        draft.Content.Fields.Count.ShouldBe(2);
        (await store.OfPageAsync("/admin/users/new", default)).ShouldHaveSingleItem().Form.ShouldBe("/admin/users/new#new-user");
        (await store.OfPageAsync("/admin/users", default)).ShouldBeEmpty();
        var other = bob.Get<DraftStore>();
        (await other.FindAsync("/admin/users/new#new-user", default)).ShouldBeNull();
        await other.RemoveAsync("/admin/users/new#new-user", default);
        (await store.FindAsync("/admin/users/new#new-user", default)).ShouldNotBeNull();
        await store.RemoveAsync("/admin/users/new#new-user", default);
        (await store.FindAsync("/admin/users/new#new-user", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Save_Content_IsSealedForPersonAndFormAndHoldsNoPassword()
    {
        await using var ada = await ActAsync("sealer");
        var store = ada.Get<DraftStore>();

        await store.SaveAsync("/a#b", Content(("title", "quarterly figures"), ("new-password", "hunter22 hunter22"), ("Passwort", "geheim geheim")), default);

        var row = await fixture.QueryAsync(db => db.Set<Draft>().SingleAsync(d => d.UserId == ada.Session.UserId));
        row.Content.ShouldNotContain("quarterly");
        var box = fixture.Services.GetRequiredService<SecretBox>();
        var plain = box.Open($"draft:{ada.Session.UserId:N}:/a#b", row.Content);
        plain.ShouldContain("quarterly figures");
        plain.ShouldNotContain("hunter22");
        plain.ShouldNotContain("geheim");

        // Somebody who can write into the table moves it to another form: it does not open there.
        await fixture.QueryAsync(db => db.Set<Draft>().Where(d => d.UserId == ada.Session.UserId).ExecuteUpdateAsync(set => set.SetProperty(d => d.Form, "/a#c")));
        (await store.FindAsync("/a#c", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Save_TooMuchOrNotAForm_IsRefusedAndLeavesWhatWasThere()
    {
        await using var ada = await ActAsync("limits");
        var store = ada.Get<DraftStore>();
        await store.SaveAsync("/a#b", Content(("text", "short")), default);

        (await store.SaveAsync("/a#b", Content(("text", new string('x', DraftStore.MostBytes))), default)).ShouldBe(DraftOutcome.TooLarge);
        (await store.SaveAsync("no slash#b", Content(("text", "x")), default)).ShouldBe(DraftOutcome.Refused);
        (await store.SaveAsync("/no-name", Content(("text", "x")), default)).ShouldBe(DraftOutcome.Refused);
        (await store.SaveAsync("/" + new string('a', 300) + "#b", Content(("text", "x")), default)).ShouldBe(DraftOutcome.Refused);
        (await store.SaveAsync("/a#b", Content(), default)).ShouldBe(DraftOutcome.Refused);
        (await store.SaveAsync("/a#b", Content(("text", "x")) with { Url = "//evil.example/" }, default)).ShouldBe(DraftOutcome.Refused);

        (await store.FindAsync("/a#b", default)).ShouldNotBeNull().Content.Fields["text"].Value.ShouldBe("short");
    }

    [Fact]
    public async Task Save_ThatWasOvertaken_LeavesTheNewer()
    {
        await using var ada = await ActAsync("overtaken");
        var store = ada.Get<DraftStore>();
        await store.SaveAsync("/a#b", Content(("text", "second")) with { Number = 2 }, default);

        (await store.SaveAsync("/a#b", Content(("text", "first")) with { Number = 1 }, default)).ShouldBe(DraftOutcome.Kept);

        (await store.FindAsync("/a#b", default)).ShouldNotBeNull().Content.Fields["text"].Value.ShouldBe("second");

        // Not overtaken: another computer, whose clock is behind.
        var before = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1);
        await fixture.QueryAsync(db => db.Set<Draft>().Where(d => d.UserId == ada.Session.UserId).ExecuteUpdateAsync(set => set.SetProperty(d => d.SavedAt, before)));
        await store.SaveAsync("/a#b", Content(("text", "elsewhere")) with { Number = 1 }, default);
        (await store.FindAsync("/a#b", default)).ShouldNotBeNull().Content.Fields["text"].Value.ShouldBe("elsewhere");
    }

    [Fact]
    public async Task Save_ManyAtOnce_TheHighestNumberRemains()
    {
        await using var ada = await ActAsync("at-once");
        var store = ada.Get<DraftStore>();
        await store.SaveAsync("/a#b", Content(("text", "0")), default);

        await Task.WhenAll(Enumerable.Range(1, 8).Select(number => store.SaveAsync("/a#b", Content(("text", $"{number}")) with { Number = number }, default)));

        (await store.FindAsync("/a#b", default)).ShouldNotBeNull().Content.Fields["text"].Value.ShouldBe("8");
    }

    [Fact]
    public async Task Save_SameFormInAnotherSpelling_IsTheSameDraft()
    {
        await using var ada = await ActAsync("speller");
        var store = ada.Get<DraftStore>();
        await store.SaveAsync("/admin/users/new#new-user", Content(("text", "small")), default);

        await store.SaveAsync("/Admin/Users/New#new-user", Content(("text", "large")), default);

        (await store.OfPageAsync("/ADMIN/users/new", default)).ShouldHaveSingleItem().Content.Fields["text"].Value.ShouldBe("large");
        (await store.FindAsync("/admin/users/new#new-user", default)).ShouldNotBeNull();
        // A database that does not tell them apart keeps the name of the first.
        await fixture.QueryAsync(db => db.Set<Draft>().Where(d => d.UserId == ada.Session.UserId).ExecuteUpdateAsync(set => set.SetProperty(d => d.Form, "/admin/users/new#NEW-user")));
        (await store.FindAsync("/admin/users/new#NEW-user", default)).ShouldNotBeNull().Content.Fields["text"].Value.ShouldBe("large");
        await store.RemoveAsync("/Admin/users/new#NEW-user", default);
        (await store.OfPageAsync("/admin/users/new", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Save_MoreThanFiftyForms_TheOldestMakesRoom()
    {
        await using var ada = await ActAsync("many");
        var store = ada.Get<DraftStore>();

        for (var number = 0; number <= DraftStore.MostDrafts; number++) await store.SaveAsync($"/many#{number:00}", Content(("text", "x")), default);

        var forms = (await store.OfPageAsync("/many", default)).Select(d => d.Form).ToList();
        forms.Count.ShouldBe(DraftStore.MostDrafts);
        forms.ShouldContain($"/many#{DraftStore.MostDrafts:00}");
        forms.ShouldNotContain("/many#00");
    }

    [Fact]
    public async Task Save_SameFormFromManyTabs_OneDraftRemains()
    {
        await using var ada = await ActAsync("tabs");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => ada.Get<DraftStore>().SaveAsync("/tabs#one", Content(("text", $"tab {number}")), default)));

        outcomes.ShouldAllBe(outcome => outcome == DraftOutcome.Kept);
        (await ada.Get<DraftStore>().OfPageAsync("/tabs", default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task CleanUp_DraftsOlderThanThirtyDaysAndOfNobody_AreRemoved()
    {
        await using var ada = await ActAsync("old");
        var store = ada.Get<DraftStore>();
        await store.SaveAsync("/old#gone", Content(("text", "x")), default);
        await store.SaveAsync("/old#here", Content(("text", "x")), default);
        var before = DateTimeOffset.UtcNow - DraftStore.Lifetime - TimeSpan.FromMinutes(1);
        await fixture.QueryAsync(db => db.Set<Draft>().Where(d => d.Form == "/old#gone").ExecuteUpdateAsync(set => set.SetProperty(d => d.SavedAt, before)));
        (await store.FindAsync("/old#gone", default)).ShouldBeNull("its time is over, removed or not");
        await fixture.QueryAsync(async db =>
        {
            db.Add(new Draft { UserId = Guid.NewGuid(), Form = "/old#nobody", Content = "x", SavedAt = DateTimeOffset.UtcNow });
            return await db.SaveChangesAsync();
        });

        await ActivatorUtilities.CreateInstance<DraftCleanUp>(fixture.Services).RemoveAsync(default);

        (await fixture.QueryAsync(db => db.Set<Draft>().Where(d => d.Form.StartsWith("/old#")).Select(d => d.Form).ToListAsync())).ShouldBe(["/old#here"]);
    }

    [Fact]
    public async Task Store_NobodySignedIn_IsRefused()
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentCaller>().Use(new System.Security.Claims.ClaimsPrincipal(), null);
        var store = scope.ServiceProvider.GetRequiredService<DraftStore>();

        await Should.ThrowAsync<ForbiddenException>(() => store.SaveAsync("/a#b", Content(("text", "x")), default));
        await Should.ThrowAsync<ForbiddenException>(() => store.FindAsync("/a#b", default));
        await Should.ThrowAsync<ForbiddenException>(() => store.OfPageAsync("/a", default));
        await Should.ThrowAsync<ForbiddenException>(() => store.RemoveAsync("/a#b", default));
    }

    private async Task<ActingScope> ActAsync(string name)
    {
        var email = $"{name}@drafts.example.org";
        await fixture.AddUserAsync(email, Roles.Member);
        return await fixture.ActAsAsync(email);
    }

    private static DraftContent Content(params (string Name, string Value)[] fields) =>
        new("New user", "/admin/users/new", null, fields.ToDictionary(f => f.Name, f => new DraftField(f.Value, "")));
}
