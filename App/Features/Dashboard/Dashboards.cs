using System.Text.Json;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>
/// The dashboards of the person of this scope: their own, those that others share by link, and the default of who has none.
/// A change of a layout names the version that it was made on, so that two pages never overwrite each other.
/// </summary>
/// <remarks>
/// Layouts of one's own are not audited: they touch nobody else, and dragging cards would bury what the audit is for. What
/// others see of it is: sharing, and what then happens to the name and the existence.
/// </remarks>
public sealed class Dashboards(
    Guard guard, IDbContextFactory<AppDbContext> databases, DashboardWidgets widgets, Topic<DashboardChanged> changes, TimeProvider time,
    IStringLocalizer<DashboardTexts> texts, ILogger<Dashboards> log)
{
    public const int LongestName = 60;

    /// <summary>Dashboards of one person.</summary>
    public const int MostBoards = 20;

    /// <param name="id">The one to open; null for the person's first, or the default of who has none.</param>
    /// <exception cref="ForbiddenException">Nobody is signed in.</exception>
    public async Task<BoardView> OpenAsync(Guid? id, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (first, wanted) = (id is null, id ?? Guid.Empty);
        // Names of all, content of the one that opens: a few hundred bytes in one round trip.
        var mine = await Mine(db, caller).AsNoTracking()
            .Select(b => new { b.Id, b.Name, b.Shared, b.Version, Layout = (first && b.Position == 0) || b.Id == wanted ? b.Layout : null }).ToListAsync(cancellation);
        IReadOnlyList<BoardTab> tabs = [.. mine.Select(b => new BoardTab(b.Id, b.Name, b.Shared))];
        if ((first ? mine.FirstOrDefault() : mine.Find(b => b.Id == wanted)) is { } own)
        {
            var json = own.Layout ?? await db.Set<DashboardBoard>().Where(b => b.Id == own.Id).Select(b => b.Layout).FirstOrDefaultAsync(cancellation) ?? "";
            return await ShowAsync(db, caller, new BoardView(BoardKind.Own, own.Id, own.Name, null, own.Shared, own.Version, [], [], tabs, BoardNotice.None) { Person = caller.PersonId }, json, cancellation);
        }

        if (first) return await ShowDefaultAsync(db, caller, tabs, cancellation);
        var shared = await (
            from board in db.Set<DashboardBoard>().AsNoTracking()
            join owner in db.Users on board.OwnerId equals owner.Id
            where board.Id == wanted && board.Shared && board.TenantId == caller.TenantId
            select new { board.Name, board.Version, board.Layout, Owner = owner.DisplayName }).SingleOrDefaultAsync(cancellation);
        return shared is null
            ? new BoardView(BoardKind.Shared, id, null, null, false, 0, [], [], tabs, BoardNotice.Gone) { Person = caller.PersonId }
            : await ShowAsync(db, caller, new BoardView(BoardKind.Shared, id, shared.Name, shared.Owner, true, shared.Version, [], [], tabs, BoardNotice.None) { Person = caller.PersonId }, shared.Layout, cancellation);
    }

    /// <summary>What the caller would see without a dashboard of their own.</summary>
    public async Task<BoardView> OpenDefaultAsync(CancellationToken cancellation = default)
    {
        var caller = await guard.RequireSignedIn(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await ShowDefaultAsync(db, caller, [], cancellation);
    }

    /// <summary>The widgets that the caller may put on a dashboard.</summary>
    public async Task<IReadOnlyList<Shell.DashboardWidget>> GalleryAsync(CancellationToken cancellation = default) =>
        [.. widgets.Allowed(await guard.RequireSignedIn(cancellation))];

    /// <summary>Keeps a layout.</summary>
    /// <param name="id">The dashboard; null if the caller has none yet and changes the default, which makes their first.</param>
    /// <param name="version">The version that the change was made on.</param>
    public async Task<BoardSaved> SaveAsync(Guid? id, int version, BoardLayout layout, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireChange(cancellation);
        if (layout.Items.Count > BoardLayout.MostItems) return new(BoardProblem.TooManyWidgets);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (id is null)
        {
            // Another page of the same person has made it meanwhile.
            if (await Mine(db, caller).AnyAsync(cancellation)) return new(BoardProblem.Conflict);
            var made = New(caller, texts["Dashboard"], 0, layout);
            db.Add(made);
            return await SaveAsync(db, made, cancellation);
        }

        if (await Mine(db, caller).SingleOrDefaultAsync(b => b.Id == id, cancellation) is not { } board) return new(BoardProblem.Gone);
        if (board.Version != version) return new(BoardProblem.Conflict, board.Id, board.Version);
        (board.Layout, board.Version, board.UpdatedAt) = (layout.ToJson(), board.Version + 1, time.GetUtcNow());
        return await SaveAsync(db, board, cancellation);
    }

    /// <param name="copyOf">For <see cref="BoardStart.Copy"/>: one's own, or somebody else's shared one; null for what the caller sees at the start.</param>
    public async Task<BoardSaved> CreateAsync(string name, BoardStart start, Guid? copyOf = null, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireChange(cancellation);
        name = name.Trim();
        if (Check(name) is not BoardProblem.None and var problem) return new(problem);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var count = await Mine(db, caller).CountAsync(cancellation);
        if (count >= MostBoards) return new(BoardProblem.TooMany);
        var layout = BoardLayout.Empty;
        if (start == BoardStart.Default || (start == BoardStart.Copy && copyOf is null)) layout = (await ShowDefaultAsync(db, caller, [], cancellation)).Layout;
        else if (start == BoardStart.Copy)
        {
            var json = await db.Set<DashboardBoard>().Where(b => b.Id == copyOf && b.TenantId == caller.TenantId && (b.OwnerId == caller.PersonId || (b.Shared && b.OwnerId != null)))
                .Select(b => b.Layout).SingleOrDefaultAsync(cancellation);
            if (json is null) return new(BoardProblem.Gone);
            layout = Read(json, copyOf!.Value) ?? widgets.Default(caller);
        }

        if (count == 0)
        {
            // Otherwise the new one would take the place of what opened at the start until now.
            db.Add(New(caller, texts["Dashboard"], 0, (await ShowDefaultAsync(db, caller, [], cancellation)).Layout));
            count = 1;
        }

        var board = New(caller, name, count, layout);
        db.Add(board);
        return await SaveAsync(db, board, cancellation);
    }

    public async Task<BoardProblem> RenameAsync(Guid id, string name, CancellationToken cancellation = default)
    {
        await guard.RequireChange(cancellation);
        name = name.Trim();
        if (Check(name) is not BoardProblem.None and var problem) return problem;
        return await ChangeAsync(id, (db, caller, board) =>
        {
            if (board.Shared) db.Audit(caller, "dashboard.rename", "dashboard", board.Id, name, new { before = board.Name });
            board.Name = name;
        }, cancellation);
    }

    /// <summary>Lets everybody open it by its link, or nobody any more.</summary>
    public Task<BoardProblem> ShareAsync(Guid id, bool shared, CancellationToken cancellation = default) => ChangeAsync(id, (db, caller, board) =>
    {
        if (board.Shared == shared) return;
        db.Audit(caller, shared ? "dashboard.share" : "dashboard.unshare", "dashboard", board.Id, board.Name);
        board.Shared = shared;
    }, cancellation);

    /// <summary>Moves it among the caller's own; the first one opens at the start.</summary>
    /// <param name="by">-1 for one place to the front, 1 to the back.</param>
    public async Task<BoardProblem> MoveAsync(Guid id, int by, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mine = await Mine(db, caller).ToListAsync(cancellation);
        if (mine.Find(b => b.Id == id) is not { } board) return BoardProblem.Gone;
        var place = Math.Clamp(mine.IndexOf(board) + by, 0, mine.Count - 1);
        mine.Remove(board);
        mine.Insert(place, board);
        Number(mine);
        return (await SaveAsync(db, board, cancellation)).Problem;
    }

    public async Task<BoardProblem> DeleteAsync(Guid id, CancellationToken cancellation = default)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var mine = await Mine(db, caller).ToListAsync(cancellation);
        if (mine.Find(b => b.Id == id) is not { } board) return BoardProblem.Gone;
        if (board.Shared) db.Audit(caller, "dashboard.delete", "dashboard", board.Id, board.Name);
        mine.Remove(board);
        db.Remove(board);
        Number(mine);
        return (await SaveAsync(db, board, cancellation, deleted: true)).Problem;
    }

    private async Task<BoardProblem> ChangeAsync(Guid id, Action<AppDbContext, Caller, DashboardBoard> change, CancellationToken cancellation)
    {
        var caller = await guard.RequireChange(cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await Mine(db, caller).SingleOrDefaultAsync(b => b.Id == id, cancellation) is not { } board) return BoardProblem.Gone;
        change(db, caller, board);
        return (await SaveAsync(db, board, cancellation)).Problem;
    }

    private async Task<BoardSaved> SaveAsync(AppDbContext db, DashboardBoard board, CancellationToken cancellation, bool deleted = false)
    {
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new(BoardProblem.Conflict, board.Id);
        }

        changes.Publish(new DashboardChanged(board.Id, board.OwnerId, deleted ? 0 : board.Version));
        return new(BoardProblem.None, board.Id, board.Version);
    }

    /// <summary>
    /// The default of the person's most specific role, else the built-in one. A role of the installation's own making is more
    /// specific than a built-in one; of two alike it is the one with more permissions, then the first by name.
    /// </summary>
    private async Task<BoardView> ShowDefaultAsync(AppDbContext db, Caller caller, IReadOnlyList<BoardTab> tabs, CancellationToken cancellation)
    {
        var row = await (
            from link in db.UserRoles
            join role in db.Roles on link.RoleId equals role.Id
            join board in db.Set<DashboardBoard>().AsNoTracking() on role.Id equals board.RoleId
            where link.UserId == caller.PersonId && board.TenantId == caller.TenantId
            orderby role.BuiltIn, role.Permissions.Count descending, role.Name
            select new { board.Id, board.Layout }).FirstOrDefaultAsync(cancellation);
        var layout = row is null ? null : Read(row.Layout, row.Id);
        var (shown, leftOut) = widgets.Place(caller, layout ?? widgets.Default(caller));
        return new BoardView(layout is null ? BoardKind.BuiltIn : BoardKind.RoleDefault, null, null, null, false, 0, shown, leftOut, tabs, BoardNotice.None) { Person = caller.PersonId };
    }

    private async Task<BoardView> ShowAsync(AppDbContext db, Caller caller, BoardView view, string json, CancellationToken cancellation)
    {
        if (Read(json, view.Id!.Value) is not { } layout)
        {
            var instead = await ShowDefaultAsync(db, caller, [], cancellation);
            return view with { Widgets = instead.Widgets, LeftOut = instead.LeftOut, Notice = BoardNotice.Unreadable };
        }

        var (shown, leftOut) = widgets.Place(caller, layout);
        return view with { Widgets = shown, LeftOut = leftOut };
    }

    private BoardLayout? Read(string json, Guid board)
    {
        try
        {
            return BoardLayout.FromJson(json);
        }
        catch (JsonException exception)
        {
            log.LayoutUnreadable(board, exception.Message);
            return null;
        }
    }

    private DashboardBoard New(Caller caller, string name, int position, BoardLayout layout) => new()
    {
        Id = Guid.CreateVersion7(), TenantId = caller.TenantId, OwnerId = caller.PersonId, Name = name, Position = position, Layout = layout.ToJson(), Version = 1, UpdatedAt = time.GetUtcNow(),
    };

    private static IQueryable<DashboardBoard> Mine(AppDbContext db, Caller caller) =>
        db.Set<DashboardBoard>().Where(b => b.OwnerId == caller.PersonId).OrderBy(b => b.Position).ThenBy(b => b.Id);

    private static void Number(List<DashboardBoard> boards)
    {
        for (var i = 0; i < boards.Count; i++) boards[i].Position = i;
    }

    private static BoardProblem Check(string name) => name.Length switch
    {
        0 => BoardProblem.NameMissing,
        > LongestName => BoardProblem.NameTooLong,
        _ => BoardProblem.None,
    };
}
