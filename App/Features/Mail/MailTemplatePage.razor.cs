using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Mail;

/// <summary>Editor of one template in one language: texts with their problems, preview, variables, versions.</summary>
public sealed partial class MailTemplatePage
{
    private MailTemplateView? _view;
    private ViewState _state = ViewState.Loading;
    private (string Key, string Language)? _shown;
    private string _subject = "", _text = "", _html = "", _note = "";
    private IReadOnlyList<MailTemplateProblem> _problems = [];
    private MailParts? _preview;
    private MailParts _compared = new("", "", "");
    private string? _reference, _message;
    private int _basedOn, _settled;
    private bool _mayManage, _busy;

    [Parameter] public string Key { get; set; } = "";

    [SupplyParameterFromQuery(Name = "lang")] public string? Language { get; set; }

    /// <summary>Version that is compared with the texts in the editor.</summary>
    [SupplyParameterFromQuery(Name = "compare")] public int? Compare { get; set; }

    [Inject] private MailTemplateService Templates { get; init; } = null!;

    [Inject] private MailRenderer Renderer { get; init; } = null!;

    [Inject] private MailDialogs Dialogs { get; init; } = null!;

    [Inject] private Confirmations Confirmations { get; init; } = null!;

    [Inject] private Guard Guard { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    [Inject] private ILogger<MailTemplatePage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<MailTexts> T { get; init; } = null!;

    // Typing asks for a new preview; this is how often it gets one.
    protected override TimeSpan RefreshInterval => TimeSpan.FromMilliseconds(300);

    private string Chosen => MailCatalog.LanguageOf(Language) ?? MailCatalog.Languages[0];

    private MailParts Draft => new(_subject, _text, _html);

    private bool IsChanged => _view is { } view && Draft != Shown(view.Current.Parts);

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (Key, Chosen)) return;
        _shown = (Key, Chosen);
        await LoadAsync();
    }

    protected override void Subscribe()
    {
        // The versions follow what others save; the texts in the editor stay until the person decides.
    }

    protected override Task RefreshAsync(CancellationToken cancellation)
    {
        Preview();
        return Task.CompletedTask;
    }

    private async Task LoadAsync()
    {
        try
        {
            _view = await Templates.OpenAsync(Key, Chosen, Ended);
            _mayManage = await Guard.Allows(MailPermissions.Manage, Ended);
            _state = _view is null ? ViewState.Empty : ViewState.Ready;
            _message = null;
            if (_view is not null) Discard();
        }
        catch (ForbiddenException)
        {
            (_view, _state) = (null, ViewState.Forbidden);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            MailLog.ReadFailed(Log, exception, _reference);
        }
    }

    private void Discard()
    {
        var current = _view!.Current;
        (_subject, _text, _html) = (current.Parts.Subject, current.Parts.Text, current.Parts.Html);
        (_basedOn, _note, _message) = (current.Version, "", null);
        _settled++;
        Preview();
    }

    // A text area has line feeds only.
    private static MailParts Shown(MailParts parts) => new(parts.Subject, parts.Text.ReplaceLineEndings("\n"), parts.Html.ReplaceLineEndings("\n"));

    private void Typed() => RequestRefresh();

    private void Preview()
    {
        if (_view is not { } view) return;
        _compared = Draft;
        _problems = Renderer.Check(view.Template, Draft);
        if (_problems.Count == 0) _preview = Renderer.Render(view.Template, Draft, view.Template.SampleModel(), Chosen);
    }

    private async Task SaveAsync()
    {
        if (_busy || !_mayManage) return;
        _busy = true;
        await Dialogs.TryAsync(() => SaveAsync(Draft, _note));
        _busy = false;
    }

    private async Task SaveAsync(MailParts parts, string? note)
    {
        var result = await Templates.SaveAsync(Key, Chosen, parts, _basedOn, note, Ended);
        if (result.Outcome == SaveTemplateOutcome.Done)
        {
            await LoadAsync();
            Dialogs.Done(T["SaveDone", result.Version]);
            return;
        }

        _problems = result.Problems.Count > 0 ? result.Problems : _problems;
        _message = T[$"Save{result.Outcome}", result.Version];
        // What somebody else saved is known now: saving again puts this on top of it.
        if (result.Outcome == SaveTemplateOutcome.Conflict) _basedOn = result.Version;
    }

    private async Task RestoreAsync(MailVersionRow version)
    {
        if (!await Confirmations.Ask(new Confirmation(T["RestoreTitle", version.Version], T["RestoreText"], T["Restore"]) { Danger = false })) return;
        await Dialogs.TryAsync(() => SaveAsync(version.Parts, T["RestoreNote", version.Version]));
    }

    private async Task GuardAsync(LocationChangingContext leaving)
    {
        // Another version to compare with is still this editor.
        var to = new Uri(new Uri(Navigation.BaseUri), leaving.TargetLocation);
        if (!IsChanged || (to.AbsolutePath == new Uri(Navigation.Uri).AbsolutePath && to.Query.Contains($"lang={Chosen}", StringComparison.Ordinal))) return;
        if (!await Confirmations.Ask(new Confirmation(T["LeaveTitle"], T["LeaveText"], T["Discard"]) { Dismiss = T["Stay"] }))
        {
            leaving.PreventNavigation();
            return;
        }

        // Given up: nothing of it is kept.
        _settled++;
        StateHasChanged();
    }

    private string? Invalid(MailPart part) => _problems.Any(p => p.Part == part) ? "true" : null;

    private RenderFragment Problems(MailPart part, string id) => builder =>
    {
        // The role stands around the list: on it, the list would be none any more.
        builder.OpenElement(0, "div");
        builder.AddAttribute(1, "id", id);
        builder.AddAttribute(2, "class", "error");
        builder.AddAttribute(3, "role", "alert");
        if (_problems.Any(p => p.Part == part))
        {
            builder.OpenElement(4, "ul");
            foreach (var problem in _problems.Where(p => p.Part == part))
            {
                builder.OpenElement(5, "li");
                builder.AddContent(6, MailWords.Describe(T, problem));
                builder.CloseElement();
            }

            builder.CloseElement();
        }

        builder.CloseElement();
    };
}
