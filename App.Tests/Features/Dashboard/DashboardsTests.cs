using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Dashboard;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAdmin.Tests.Features.Dashboard;

public sealed class DashboardsTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private static readonly BoardLayout Small = new([new("1", "dashboard.attention", new(0, 0, 6, 2)), new("2", "notifications.mine", new(6, 0, 6, 4))]);

    [Fact]
    public async Task Open_NoOwnBoard_IsBuiltFromRights()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        await using var mia = await PersonAsync(Roles.Member);

        var view = await olga.Get<Dashboards>().OpenAsync(null);
        var hers = await mia.Get<Dashboards>().OpenAsync(null);

        (view.Kind, view.Id, view.Version, view.Notice).ShouldBe((BoardKind.BuiltIn, null, 0, BoardNotice.None));
        view.Widgets[0].Widget.Id.ShouldBe("dashboard.attention");
        view.Widgets.ShouldContain(w => w.Widget.Id == "monitor.cpu");
        view.Widgets.ShouldContain(w => w.Widget.Id == "dashboard.health");
        hers.Widgets.ShouldNotContain(w => w.Widget.Permission == MonitorPermissions.Read);
        (await mia.Get<Dashboards>().GalleryAsync()).ShouldNotContain(w => w.Id == "monitor.cpu");
    }

    [Fact]
    public async Task Save_FirstChange_MakesTheOwnBoardAndTellsOthers()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        await using var otto = await PersonAsync(Roles.Operator);
        var heard = new List<DashboardChanged>();
        using var ear = fixture.Services.GetRequiredService<Topic<DashboardChanged>>().Subscribe(heard.Add);

        var saved = await olga.Get<Dashboards>().SaveAsync(null, 0, Small);

        (saved.Problem, saved.Version).ShouldBe((BoardProblem.None, 1));
        heard.ShouldContain(new DashboardChanged(saved.Id, olga.Session.UserId, 1));
        var view = await olga.Get<Dashboards>().OpenAsync(null);
        (view.Kind, view.Id, view.Name, view.Widgets.Count).ShouldBe((BoardKind.Own, saved.Id, "Dashboard", 2));
        (await otto.Get<Dashboards>().OpenAsync(null)).Kind.ShouldBe(BoardKind.BuiltIn);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().AnyAsync(a => a.ActorId == olga.Session.UserId && a.Action.StartsWith("dashboard.")))).ShouldBeFalse();
    }

    [Fact]
    public async Task Save_OldVersion_IsAConflictAndKeepsTheOther()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var boards = olga.Get<Dashboards>();
        var first = await boards.SaveAsync(null, 0, Small);
        (await boards.SaveAsync(first.Id, 1, BoardLayout.Empty)).ShouldBe(new BoardSaved(BoardProblem.None, first.Id, 2));

        (await boards.SaveAsync(first.Id, 1, Small)).Problem.ShouldBe(BoardProblem.Conflict);
        (await boards.SaveAsync(null, 0, Small)).Problem.ShouldBe(BoardProblem.Conflict);

        (await boards.OpenAsync(first.Id)).Widgets.ShouldBeEmpty();
    }

    [Fact]
    public async Task Boards_MadeRenamedMovedDeleted_StandInOrder()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var boards = olga.Get<Dashboards>();
        var a = (await boards.CreateAsync(" A ", BoardStart.Empty)).Id;
        var b = (await boards.CreateAsync("B", BoardStart.Default)).Id;
        await boards.SaveAsync(a, 1, Small);
        var c = (await boards.CreateAsync("C", BoardStart.Copy, a)).Id;

        // What opened at the start until then stays there.
        (await NamesAsync(boards)).ShouldBe(["Dashboard", "A", "B", "C"]);
        (await boards.OpenAsync(c)).Widgets.Select(w => w.Widget.Id).ShouldBe(["dashboard.attention", "notifications.mine"]);
        (await boards.OpenAsync(b)).Widgets.Count.ShouldBeGreaterThan(5);
        (await boards.RenameAsync(b, "Bee")).ShouldBe(BoardProblem.None);
        (await boards.MoveAsync(c, -3)).ShouldBe(BoardProblem.None);
        (await boards.OpenAsync(null)).Id.ShouldBe(c);
        (await boards.DeleteAsync(c)).ShouldBe(BoardProblem.None);
        (await NamesAsync(boards)).ShouldBe(["Dashboard", "A", "Bee"]);
        (await boards.OpenAsync(null)).Name.ShouldBe("Dashboard");
        (await boards.OpenAsync(c)).Notice.ShouldBe(BoardNotice.Gone);
        (await boards.SaveAsync(c, 1, Small)).Problem.ShouldBe(BoardProblem.Gone);
        (await boards.RenameAsync(b, " ")).ShouldBe(BoardProblem.NameMissing);
        (await boards.CreateAsync(new string('x', 61), BoardStart.Empty)).Problem.ShouldBe(BoardProblem.NameTooLong);
    }

    [Fact]
    public async Task Boards_AnothersOwn_AreOutOfReachUntilShared()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        await using var mia = await PersonAsync(Roles.Member);
        var boards = olga.Get<Dashboards>();
        var id = (await boards.SaveAsync(null, 0, new([.. Small.Items, new("3", "monitor.cpu", new(0, 2, 3, 3))]))).Id;
        var hers = mia.Get<Dashboards>();

        (await hers.OpenAsync(id)).Notice.ShouldBe(BoardNotice.Gone);
        (await hers.CreateAsync("Mine", BoardStart.Copy, id)).Problem.ShouldBe(BoardProblem.Gone);
        (await boards.ShareAsync(id, true)).ShouldBe(BoardProblem.None);
        var seen = await hers.OpenAsync(id);

        (seen.Kind, seen.Notice, seen.Name).ShouldBe((BoardKind.Shared, BoardNotice.None, "Dashboard"));
        seen.Owner.ShouldNotBeNull();
        seen.Widgets.Select(w => w.Widget.Id).ShouldBe(["dashboard.attention", "notifications.mine"]);
        (await hers.SaveAsync(id, 1, BoardLayout.Empty)).Problem.ShouldBe(BoardProblem.Gone);
        (await hers.RenameAsync(id, "x")).ShouldBe(BoardProblem.Gone);
        (await hers.DeleteAsync(id)).ShouldBe(BoardProblem.Gone);
        (await hers.ShareAsync(id, false)).ShouldBe(BoardProblem.Gone);
        var copy = await hers.CreateAsync("Mine", BoardStart.Copy, id);
        (await hers.OpenAsync(copy.Id)).Widgets.Count.ShouldBe(2);
        (await boards.RenameAsync(id, "Ops")).ShouldBe(BoardProblem.None);
        (await boards.ShareAsync(id, false)).ShouldBe(BoardProblem.None);
        (await hers.OpenAsync(id)).Notice.ShouldBe(BoardNotice.Gone);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(a => a.SubjectId == id.ToString()).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()))
            .ShouldBe(["dashboard.share", "dashboard.rename", "dashboard.unshare"]);
    }

    [Fact]
    public async Task Limits_Reached_AreSaid()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var boards = olga.Get<Dashboards>();
        for (var i = 1; i < Dashboards.MostBoards; i++) (await boards.CreateAsync($"Board {i}", BoardStart.Empty)).Problem.ShouldBe(BoardProblem.None);
        (await boards.CreateAsync("One more", BoardStart.Empty)).Problem.ShouldBe(BoardProblem.TooMany);
        var full = new BoardLayout([.. Enumerable.Range(0, BoardLayout.MostItems + 1).Select(i => new BoardItem($"{i}", "notifications.mine", new(0, i, 1, 1)))]);
        (await boards.SaveAsync((await boards.OpenAsync(null)).Id, 1, full)).Problem.ShouldBe(BoardProblem.TooManyWidgets);
    }

    [Fact]
    public async Task Open_UnknownOrForbiddenWidgets_AreLeftOutButKept()
    {
        await using var mia = await PersonAsync(Roles.Member);
        var boards = mia.Get<Dashboards>();
        var saved = await boards.SaveAsync(null, 0, new([new("1", "gone.for.good", new(0, 0, 12, 9)), new("2", "monitor.cpu", new(0, 9, 3, 3)), new("3", "notifications.mine", new(2, 12, 6, 4))]));

        var view = await boards.OpenAsync(null);

        view.Widgets.Single().Place.ShouldBe(new GridPlace(2, 0, 6, 4));
        view.LeftOut.Select(item => item.Widget).ShouldBe(["gone.for.good", "monitor.cpu"]);
        (await boards.SaveAsync(saved.Id, 1, view.Layout)).Problem.ShouldBe(BoardProblem.None);
        (await boards.OpenAsync(null)).LeftOut.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Open_UnreadableLayout_ShowsTheDefaultAndSaysSo()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var boards = olga.Get<Dashboards>();
        var saved = await boards.SaveAsync(null, 0, Small);
        await fixture.QueryAsync(db => db.Set<DashboardBoard>().Where(b => b.Id == saved.Id).ExecuteUpdateAsync(set => set.SetProperty(b => b.Layout, "{broken")));

        var view = await boards.OpenAsync(null);

        (view.Kind, view.Notice, view.Version).ShouldBe((BoardKind.Own, BoardNotice.Unreadable, 1));
        view.Widgets.Count.ShouldBeGreaterThan(5);
        (await boards.SaveAsync(saved.Id, 1, Small)).Problem.ShouldBe(BoardProblem.None);
        (await boards.OpenAsync(null)).Notice.ShouldBe(BoardNotice.None);
    }

    [Fact]
    public async Task RoleDefault_SavedAndTakenBack_IsWhatItsPeopleBeginWith()
    {
        await using var admin = await fixture.ActAsAsync(PortalFixture.AdminEmail);
        await using var member = await PersonAsync(Roles.Member);
        await using var editor = await PersonAsync(Roles.Member, Roles.Editor);
        var defaults = admin.Get<RoleDashboards>();
        var roles = await defaults.ListAsync();
        var (forMember, forEditor) = (roles.Single(r => r.Name == Roles.Member).RoleId, roles.Single(r => r.Name == Roles.Editor).RoleId);

        (await defaults.SaveAsync(forMember, Small)).ShouldBe(BoardProblem.None);
        (await defaults.SaveAsync(forEditor, new([new("1", "documents.reading", new(0, 0, 12, 4)), new("2", "monitor.cpu", new(0, 4, 3, 3))]))).ShouldBe(BoardProblem.None);

        var seen = await member.Get<Dashboards>().OpenAsync(null);
        (seen.Kind, seen.Id, seen.Widgets.Count).ShouldBe((BoardKind.RoleDefault, null, 2));
        (await editor.Get<Dashboards>().OpenAsync(null)).Widgets.Single().Widget.Id.ShouldBe("documents.reading");
        (await defaults.ListAsync()).Count(r => r.HasDefault).ShouldBe(2);
        (await defaults.SaveAsync(forMember, BoardLayout.Empty)).ShouldBe(BoardProblem.None);
        (await member.Get<Dashboards>().OpenAsync(null)).Widgets.ShouldBeEmpty();
        (await defaults.RemoveAsync(forMember)).ShouldBe(BoardProblem.None);
        (await defaults.RemoveAsync(forEditor)).ShouldBe(BoardProblem.None);
        (await defaults.RemoveAsync(forEditor)).ShouldBe(BoardProblem.Gone);
        (await member.Get<Dashboards>().OpenAsync(null)).Kind.ShouldBe(BoardKind.BuiltIn);
        (await fixture.QueryAsync(db => db.Set<AuditEntry>().Where(a => a.SubjectId == forMember.ToString() && a.Action.StartsWith("dashboard.")).OrderBy(a => a.Id).Select(a => a.Action).ToListAsync()))
            .ShouldBe(["dashboard.default", "dashboard.default", "dashboard.default_removed"]);
    }

    [Fact]
    public async Task RoleDefault_WithoutThePermission_IsRefused()
    {
        await using var olga = await PersonAsync(Roles.Operator);
        var defaults = olga.Get<RoleDashboards>();
        await Should.ThrowAsync<ForbiddenException>(() => defaults.ListAsync());
        await Should.ThrowAsync<ForbiddenException>(() => defaults.SaveAsync(Guid.NewGuid(), Small));
        await Should.ThrowAsync<ForbiddenException>(() => defaults.RemoveAsync(Guid.NewGuid()));
    }

    private static async Task<IEnumerable<string>> NamesAsync(Dashboards boards) => (await boards.OpenAsync(null)).Boards.Select(b => b.Name);

    private async Task<ActingScope> PersonAsync(params string[] roles)
    {
        var email = $"p{Guid.NewGuid():N}@example.org";
        await fixture.AddUserAsync(email, roles);
        return await fixture.ActAsAsync(email);
    }
}
