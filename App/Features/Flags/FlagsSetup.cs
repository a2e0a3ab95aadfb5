using System.Runtime.CompilerServices;
using BlazorAdmin.Data;
using BlazorAdmin.Security;
using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Flags;

public static class FlagsSetup
{
    public const string Route = "/admin/flags";
    public const string ExportRoute = Route + "/export";

    public static Portal AddFlags(this Portal portal)
    {
        portal
            .Permission(FlagsPermissions.Read, Roles.Operator, Roles.Auditor)
            .Permission(FlagsPermissions.Manage)
            .Topic<FlagsChanged>("flags")
            .Topic<FlagsRenewed>("flags.renewed")
            .Navigation(new NavigationEntry(Route, typeof(FlagsTexts), "Flags", NavigationGroup.Administration, "flag", FlagsPermissions.Read, 50))
            .Action(new PaletteAction(typeof(FlagsTexts), "CreateFlag", "plus", FlagsPermissions.Manage, Route + "/new"))
            .Search<FlagSearch>();
        var services = portal.Services;
        services.AddSingleton(provider => new FlagCatalog(provider.GetServices<FlagDeclaration>(), provider.GetRequiredService<SliceTexts>()));
        services.AddSingleton<ISeed, FlagSeed>();
        services.AddSingleton<FlagStore>();
        services.AddSingleton<FlagExposures>();
        services.AddSingleton<FlagEvaluator>();
        services.AddHostedService<FlagFollower>();
        services.AddSingleton<FlagExposureWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<FlagExposureWriter>());
        services.AddScoped<FeatureFlags>();
        services.AddScoped<FlagProposals>();
        services.AddScoped<FlagsService>();
        services.AddScoped<FlagDirectory>();
        services.AddScoped<FlagPreviews>();
        services.AddScoped<FlagDialogs>();
        return portal;
    }

    public static void MapFlags(this WebApplication app) =>
        app.MapListExport(ExportRoute, "flags", Columns, FlagDirectory.Defaults, RowsAsync).RequireAuthorization(FlagsPermissions.Read);

    private static async IAsyncEnumerable<FlagRow> RowsAsync(IServiceProvider services, ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var row in await services.GetRequiredService<FlagDirectory>().AllAsync(query, cancellation)) yield return row;
    }

    private static IReadOnlyList<ExportColumn<FlagRow>> Columns(IServiceProvider services)
    {
        var t = services.GetRequiredService<IStringLocalizer<FlagsTexts>>();
        var catalog = services.GetRequiredService<FlagCatalog>();
        return
        [
            new("key", t["Key"], row => row.Key),
            new("description", t["Description"], row => row.Description ?? catalog.DescriptionOf(row.Key)),
            new("on", t["StateOn"], row => row.Enabled),
            new("gives", t["Gives"], row => FlagWords.Gives(t, row)),
            new("rules", t["Rules"], row => row.Definition?.Rules.Count),
            new("definition", t["Definition"], row => row.Definition?.ToJson()),
            new("version", t["Version"], row => row.Version),
            new("asked", t["LastAsked"], row => row.LastAskedAt),
            new("changed", t["Changed"], row => row.ChangedAt),
            new("archived", t["StateArchived"], row => row.ArchivedAt),
            new("stale", t["Stale"], row => row.Stale == FlagStale.None ? null : FlagWords.StaleReason(t, row)),
        ];
    }
}
