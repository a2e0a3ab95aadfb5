using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Checklist.Items;

/// <summary>Every administrator has an authenticator app or a passkey.</summary>
public sealed class AdministratorFactorsItem(IDbContextFactory<AppDbContext> databases) : IChecklistItem
{
    private const int NamesShown = 3;

    public string Key => "administrator-factors";

    public int Order => 60;

    public Type Texts => typeof(ChecklistTexts);

    public string TitleKey => "FactorTitle";

    public async Task<ChecklistFinding> MeasureAsync(ChecklistLook look, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var without = SecondAdministratorItem.Administrators(db, look.TenantId).Where(u => u.AuthenticatorSince == null && !db.UserPasskeys.Any(p => p.UserId == u.Id));
        var count = await without.CountAsync(cancellation);
        if (count == 0) return new ChecklistFinding(ChecklistState.Done, "FactorDone");
        var names = await without.OrderBy(u => u.DisplayName).Select(u => u.DisplayName).Take(NamesShown).ToListAsync(cancellation);
        return new ChecklistFinding(ChecklistState.Open, "FactorOpen", count, string.Join(", ", names) + (count > NamesShown ? ", …" : "")) { Link = "/account/security" };
    }
}
