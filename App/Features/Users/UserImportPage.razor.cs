using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Live;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Users;

/// <summary>A list of people is brought in: read, looked at, started, followed.</summary>
public sealed partial class UserImportPage
{
    private const int MostShown = 200;

    private IReadOnlyList<(ImportView View, JobItem? Job)> _latest = [];
    private IReadOnlyList<ImportLine> _lines = [];
    private ImportFile? _file;
    private ImportOptions _options = new(Invite: false, Update: false);
    private ViewState _state = ViewState.Loading;
    private string _name = "";
    private string? _problem;
    private string? _reference;
    private bool _onlyErrors;
    private bool _proofNeeded;
    private bool _busy;

    [SupplyParameterFromQuery] public Guid? Item { get; set; }

    [Inject] private UserImports Imports { get; init; } = null!;

    [Inject] private JobsService Jobs { get; init; } = null!;

    [Inject] private UserDialogs Dialogs { get; init; } = null!;

    [Inject] private Topic<UserImportChanged> Changes { get; init; } = null!;

    [Inject] private Display Display { get; init; } = null!;

    [Inject] private ILogger<UserImportPage> Log { get; init; } = null!;

    [Inject] private IStringLocalizer<UsersTexts> T { get; init; } = null!;

    /// <summary>Rows that change something.</summary>
    private int Work => _lines.Count(line => line.Verdict.Act is ImportAct.Create or ImportAct.Change);

    private int Matching => _onlyErrors ? _lines.Count(line => line.Verdict.Act == ImportAct.Error) : _lines.Count;

    private IEnumerable<ImportLine> Shown => _lines.Where(line => !_onlyErrors || line.Verdict.Act == ImportAct.Error).Take(MostShown);

    protected override Task OnInitializedAsync()
    {
        _options = new ImportOptions(Imports.CanInvite, Update: false);
        return LoadAsync();
    }

    protected override void Subscribe() => Watch(Changes);

    protected override async Task RefreshAsync(CancellationToken cancellation)
    {
        var latest = new List<(ImportView, JobItem?)>();
        foreach (var view in await Imports.LatestAsync(cancellation))
            latest.Add((view, view is { FinishedAt: null, JobId: { } id } ? await Jobs.MineAsync(id, cancellation) : null));
        (_latest, _state) = (latest, latest.Count == 0 ? ViewState.Empty : ViewState.Ready);
    }

    private async Task LoadAsync()
    {
        try
        {
            await RefreshAsync(Ended);
        }
        catch (OperationCanceledException) when (Ended.IsCancellationRequested)
        {
            return; // the page is gone
        }
        catch (ForbiddenException)
        {
            _state = ViewState.Forbidden;
        }
        catch (Exception exception)
        {
            (_state, _reference) = (ViewState.Failed, ErrorReference.New());
            UsersLog.ImportsNotRead(Log, exception, _reference);
        }
    }

    private async Task ReadAsync(InputFileChangeEventArgs change)
    {
        Discard();
        _name = change.File.Name;
        if (change.File.Size > UserImportFile.MaxBytes)
        {
            _problem = UserImportWords.Fault(T, ImportFile.Refused(ImportFault.TooLarge));
            return;
        }

        using var content = new MemoryStream();
        await using (var stream = change.File.OpenReadStream(UserImportFile.MaxBytes, Ended)) await stream.CopyToAsync(content, Ended);
        _file = UserImportFile.Read(content.ToArray());
        _problem = UserImportWords.Fault(T, _file);
        if (_file.Fault == ImportFault.None) await PreviewAsync();
    }

    private async Task ChooseAsync(ImportOptions options)
    {
        _options = options;
        await PreviewAsync();
    }

    private async Task PreviewAsync() => _lines = _file is null ? [] : await Imports.PreviewAsync(_file.Rows, _options, Ended);

    private async Task StartAsync()
    {
        if (_busy || _file is null) return;
        _busy = true;
        try
        {
            var outcome = await Imports.StartAsync(_name, _file.Rows, _options, Ended);
            _proofNeeded = outcome == UserOutcome.ProofNeeded;
            _problem = outcome is UserOutcome.Done or UserOutcome.ProofNeeded ? null : Dialogs.Describe(outcome);
            if (outcome != UserOutcome.Done) return;
            Discard();
            Dialogs.Done(T["ImportStartedNow"]);
            await RefreshAsync(Ended);
        }
        finally
        {
            _busy = false;
        }
    }

    private void Discard() => (_file, _lines, _problem, _proofNeeded) = (null, [], null, false);
}
