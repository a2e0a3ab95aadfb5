using BlazorAdmin.Features.Audit;
using BlazorAdmin.Security;
using BlazorAdmin.Shell.Lists.Views;

namespace BlazorAdmin.Tests.Shell.Views;

public sealed class SavedViewsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string List = "/admin/jobs";

    [Fact]
    public async Task Save_OwnView_IsSeenByItsOwnerAlone()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        await using var otto = await PersonAsync(Roles.Operator);

        (await olga.Get<SavedViews>().SaveAsync(List, " Failed reads ", "state=failed&type=documents.read", shared: false)).ShouldBe(ViewProblem.None);

        var view = (await olga.Get<SavedViews>().ListAsync(List)).Single(v => v.IsMine);
        (view.Name, view.Query, view.Shared, view.IsDefault).ShouldBe(("Failed reads", "state=failed&type=documents.read", false, false));
        (await otto.Get<SavedViews>().ListAsync(List)).ShouldNotContain(v => v.Id == view.Id);
        (await olga.Get<SavedViews>().ListAsync("/admin/monitor")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Share_View_IsSeenByAllWhoSeeTheListAndAudited()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        await using var otto = await PersonAsync(Roles.Auditor);
        await using var mia = await PersonAsync(Roles.Member);
        await olga.Get<SavedViews>().SaveAsync(List, "Shared", "state=failed&q=x", shared: false);
        var id = (await olga.Get<SavedViews>().ListAsync(List)).Single(v => v.IsMine).Id;

        (await olga.Get<SavedViews>().ShareAsync(id, true)).ShouldBe(ViewProblem.None);

        var seen = (await otto.Get<SavedViews>().ListAsync(List)).Single(v => v.Id == id);
        seen.IsMine.ShouldBeFalse();
        (await otto.Get<SavedViews>().RenameAsync(id, "mine now")).ShouldBe(ViewProblem.Gone);
        (await otto.Get<SavedViews>().DeleteAsync(id)).ShouldBe(ViewProblem.Gone);
        await Should.ThrowAsync<ForbiddenException>(() => mia.Get<SavedViews>().ListAsync(List));
        await Should.ThrowAsync<ForbiddenException>(() => mia.Get<SavedViews>().SaveAsync(List, "x", "", false));
        (await olga.Get<SavedViews>().DeleteAsync(id)).ShouldBe(ViewProblem.None);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(a => a.SubjectId == id.ToString()).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync())).ShouldBe(["views.share", "views.delete"]);
    }

    [Fact]
    public async Task SetDefault_View_IsWhatTheListBeginsWith()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var views = olga.Get<SavedViews>();
        await views.SaveAsync(List, "A", "state=failed", shared: false);
        (await views.DefaultAsync(List)).ShouldBeNull();

        (await views.SetDefaultAsync(List, "state=failed")).ShouldBe(ViewProblem.None);
        (await views.ListAsync(List)).Single(v => v.IsMine).IsDefault.ShouldBeTrue();
        (await views.DefaultAsync(List)).ShouldBe("state=failed");
        (await views.SetDefaultAsync(List, null)).ShouldBe(ViewProblem.None);
        (await views.DefaultAsync(List)).ShouldBeNull();
    }

    [Fact]
    public async Task Save_BadOrTakenName_SaysWhat()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var views = olga.Get<SavedViews>();
        await views.SaveAsync(List, "A", "state=failed", shared: false);
        await views.SaveAsync(List, "B", "state=queued", shared: false);
        var b = (await views.ListAsync(List)).Single(v => v is { IsMine: true, Name: "B" }).Id;

        (await views.SaveAsync(List, " ", "", false)).ShouldBe(ViewProblem.NameMissing);
        (await views.SaveAsync(List, new string('x', 101), "", false)).ShouldBe(ViewProblem.NameTooLong);
        (await views.SaveAsync(List, "C", new string('x', 2001), false)).ShouldBe(ViewProblem.TooLong);
        (await views.RenameAsync(b, "A")).ShouldBe(ViewProblem.NameTaken);
        (await views.RenameAsync(b, "")).ShouldBe(ViewProblem.NameMissing);
        (await views.SaveAsync(List, "A", "state=running", false)).ShouldBe(ViewProblem.None);
        (await views.ListAsync(List)).Where(v => v.IsMine).Select(v => (v.Name, v.Query)).ShouldBe([("A", "state=running"), ("B", "state=queued")]);
        (await views.DeleteAsync(Guid.NewGuid())).ShouldBe(ViewProblem.Gone);
    }

    private async Task<ActingScope> PersonAsync(string role)
    {
        var email = $"p{Guid.NewGuid():N}@example.org";
        await fixture.AddUserAsync(email, role);
        return await fixture.ActAsAsync(email);
    }
}
