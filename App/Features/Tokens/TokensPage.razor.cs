using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Tokens;

public sealed partial class TokensPage : LiveComponent
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    private IReadOnlyList<ListColumn<TokenRow>> _columns = [];
    private IReadOnlyList<ListFilter> _filters = [];
    private DataList<TokenRow>? _list;
    private CreateTokenDialog? _dialog;
    private bool _mayManage;

    [Inject] private TokensService Tokens { get; init; } = null!;

    [Inject] private TokenDialogs Dialogs { get; init; } = null!;

    [Inject] private TokenScopeCatalog Scopes { get; init; } = null!;

    [Inject] private Topic<TokensChanged> Changes { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private IStringLocalizer<TokensTexts> T { get; init; } = null!;

    protected override async Task OnInitializedAsync()
    {
        _mayManage = await Guard.Allows(TokensPermissions.Manage, Ended);
        _filters =
        [
            new("state", T["State"], [new("active", T["StateActive"]), new("expired", T["StateExpired"]), new("revoked", T["StateRevoked"])]) { Pills = true },
            new("scope", T["Scope"], [.. Scopes.All.Select(scope => new ListFilterOption(scope.Name, scope.Name))]),
        ];
        _columns =
        [
            new("name", T["Name"]) { Value = row => row.Name, Wide = true, Narrow = NarrowPlace.Title },
            new("prefix", T["Begins"]) { Cell = row => builder => Code(builder, row.Prefix + "…"), Narrow = NarrowPlace.Meta },
            new("scopes", T["Scopes"]) { Value = row => string.Join(", ", row.ScopeNames) },
            new("state", T["State"]) { Cell = Chip, Narrow = NarrowPlace.State },
            new("expires", T["Expires"]) { Cell = row => row.ExpiresAt is null ? builder => builder.AddContent(0, T["Never"]) : TimeAgo.Markup(Display, row.ExpiresAt) },
            new("used", T["LastUse"]) { Cell = row => row.LastUsedAt is null ? builder => builder.AddContent(0, T["NotUsed"]) : TimeAgo.Markup(Display, row.LastUsedAt), Narrow = NarrowPlace.End },
            new("from", T["UsedFrom"]) { Value = row => row.LastUsedFrom, Extra = true },
            new("owner", T["Owner"]) { Value = row => row.Owner, Extra = true },
            new("created", T["Created"]) { Cell = row => TimeAgo.Markup(Display, row.CreatedAt), Sortable = true, DescendingFirst = true, AtEnd = true },
        ];
        if (_mayManage) _columns = [.. _columns, new("revoke", T["Action"]) { Cell = RevokeButton, AtEnd = true }];
    }

    protected override void Subscribe() => Watch(Changes);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_list is not null) await _list.ReloadAsync();
    }

    private RenderFragment Chip(TokenRow row) => row.StateAt(Display.Now) switch
    {
        TokenState.Revoked => StateChip.Markup(Tone.Idle, T["StateRevoked"], "lock", row.RevokedAt is { } at ? Display.Exact(at) : null),
        TokenState.Expired => StateChip.Markup(Tone.Idle, T["StateExpired"], "wait"),
        TokenState.OwnerClosed => StateChip.Markup(Tone.Warn, T["StateOwnerClosed"], "lock", T["StateOwnerClosedHint"]),
        _ when row.ExpiresAt - Display.Now < Soon => StateChip.Markup(Tone.Warn, T["StateEndsSoon"], "wait"),
        _ => StateChip.Markup(Tone.Ok, T["StateActive"]),
    };

    private RenderFragment RevokeButton(TokenRow row) => builder =>
    {
        if (row.RevokedAt is not null) return;
        builder.OpenElement(0, "button");
        builder.AddAttribute(1, "type", "button");
        builder.AddAttribute(2, "class", "button small danger");
        builder.AddAttribute(3, "aria-label", (string)T["RevokeNamed", row.Name]);
        builder.AddAttribute(4, "onclick", EventCallback.Factory.Create<MouseEventArgs>(this, () => Dialogs.RevokeAsync(row)));
        builder.AddContent(5, T["Revoke"]);
        builder.CloseElement();
    };

    private static void Code(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, string text)
    {
        builder.OpenElement(0, "code");
        builder.AddAttribute(1, "class", "mono");
        builder.AddContent(2, text);
        builder.CloseElement();
    }
}
