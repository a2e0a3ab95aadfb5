using BlazorAdmin.Features.Drafts;
using BlazorAdmin.Security;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Flags;

/// <summary>What is edited survives a lost circuit, a reload and a restart.</summary>
public sealed partial class FlagPage
{
    private FlagDraftKeeper _keeper = null!;
    private DateTimeOffset? _restoredAt;

    [Inject] private DraftStore Drafts { get; init; } = null!;

    [Inject] private TimeProvider Time { get; init; } = null!;

    protected override void OnInitialized() => _keeper = new FlagDraftKeeper(Drafts, InvokeAsync, Time, StateHasChanged, Report);

    public override async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();
        await base.DisposeAsync();
    }

    private Task KeepAsync()
    {
        if (!IsChanged) return ForgetAsync();
        _keeper.Keep(new FlagKept(Key, _basedOn, Wanted(), _draft!.Description));
        return Task.CompletedTask;
    }

    private Task ForgetAsync() => Dialogs.TryAsync(() => _keeper.ForgetAsync(Key, Ended));

    private async Task GiveUpAsync()
    {
        await ForgetAsync();
        Discard();
    }

    private async Task RestoreAsync(FlagRow row)
    {
        if (ReadOnly || _stored is null || await _keeper.FindAsync(Key, Ended) is not { } kept) return;
        var choices = await ReadChoicesAsync(row.Key, row.Definition, kept.Definition);
        _draft = FlagDraft.Of(kept.Definition, kept.Description, choices, Display, T[choices.Nameless]);
        if (!IsChanged)
        {
            // Saved meanwhile, in another window perhaps.
            await GiveUpAsync();
            return;
        }

        // The version that it was begun on: saving it on top of a newer one is asked first.
        (_choices, _restoredAt, _basedOn) = (choices, kept.SavedAt, Math.Min(kept.Version, row.Version));
    }

    private void Report(Exception exception)
    {
        // What cannot be kept costs nobody what they edit: the next change tries again.
        if (exception is not (ForbiddenException or OperationCanceledException)) FlagsLog.DraftFailed(Log, exception);
    }
}
