namespace BlazorAdmin.Features.Dashboard;

public enum BoardKind
{
    /// <summary>Follows from the registered widgets and the person's rights.</summary>
    BuiltIn,

    /// <summary>What administrators gave one of the person's roles.</summary>
    RoleDefault,

    Own,

    /// <summary>Somebody else's, opened by its link.</summary>
    Shared,
}

public enum BoardNotice
{
    None,

    /// <summary>What is kept cannot be read; the default is shown.</summary>
    Unreadable,

    /// <summary>The link leads to nothing, or to nothing that this person may see.</summary>
    Gone,
}

/// <summary>One of a person's dashboards in the list above the cards.</summary>
public sealed record BoardTab(Guid Id, string Name, bool Shared);

/// <summary>A dashboard as one person sees it.</summary>
/// <param name="Id">Null for a default, which has no row of this person.</param>
/// <param name="Name">Null for a default.</param>
/// <param name="Owner">Who shares it; null unless it is somebody else's.</param>
/// <param name="Version">Of the layout; a change must name it.</param>
/// <param name="Widgets">In reading order.</param>
/// <param name="LeftOut">Kept, but not shown to this person.</param>
/// <param name="Boards">The person's own ones, in their order.</param>
public sealed record BoardView(
    BoardKind Kind, Guid? Id, string? Name, string? Owner, bool Shared, int Version,
    IReadOnlyList<PlacedWidget> Widgets, IReadOnlyList<BoardItem> LeftOut, IReadOnlyList<BoardTab> Boards, BoardNotice Notice)
{
    /// <summary>Who looks.</summary>
    public required Guid Person { get; init; }

    public BoardLayout Layout => new([.. Widgets.Select(placed => placed.ToItem()), .. LeftOut]);
}

public enum BoardProblem
{
    None,
    NameMissing,
    NameTooLong,

    /// <summary>The person has as many dashboards as one may have.</summary>
    TooMany,

    /// <summary>More cards than one dashboard holds.</summary>
    TooManyWidgets,

    /// <summary>Another page has changed it meanwhile.</summary>
    Conflict,

    /// <summary>It was deleted meanwhile, or is somebody else's.</summary>
    Gone,
}

/// <summary>What came of a change.</summary>
/// <param name="Id">The dashboard that has it now.</param>
/// <param name="Version">The version of its layout now.</param>
public readonly record struct BoardSaved(BoardProblem Problem, Guid Id = default, int Version = 0);

/// <summary>What a new dashboard begins with.</summary>
public enum BoardStart
{
    Empty,
    Default,
    Copy,
}

/// <summary>
/// Topic <c>dashboards</c>: a dashboard was made, changed or deleted. Without an owner it is the default of a role.
/// </summary>
/// <param name="Version">Of its layout; 0 when it is gone.</param>
public sealed record DashboardChanged(Guid Board, Guid? OwnerId, int Version);
