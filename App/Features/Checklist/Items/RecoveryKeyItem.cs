using BlazorAdmin.Data.Keys;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>The root key is kept outside this machine: nobody can measure that, so somebody confirms it.</summary>
public sealed class RecoveryKeyItem(RootKeyFile file) : IChecklistItem
{
    public string Key => "recovery-key";

    public int Order => 20;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "KeyTitle";

    public Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation) => Task.FromResult(Measure(look) with { CanBeConfirmed = true });

    private ChecklistFinding Measure(ChecklistLook look) => (look.ConfirmedAt, file.IsConfigured) switch
    {
        ({ } at, true) => new(ChecklistState.Done, "KeyDoneSetting", at),
        ({ } at, false) => new(ChecklistState.Done, "KeyDoneFile", at, file.FilePath),
        (null, true) => new(ChecklistState.Open, "KeyOpenSetting"),
        (null, false) => new(ChecklistState.Open, "KeyOpenFile", file.FilePath),
    };
}
