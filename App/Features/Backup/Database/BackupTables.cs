using BlazorAdmin.Data;
using BlazorAdmin.Features.Backup.Archive;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlazorAdmin.Features.Backup.Database;

/// <summary>Which tables a backup carries, in an order in which they can be filled again.</summary>
internal static class BackupTables
{
    /// <summary>Tables that stay behind, with the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftOut = new Dictionary<string, string>
    {
        ["CircuitPresences"] = "pages that are open at this moment",
        ["LiveNodes"] = "which processes live at this moment",
        ["NodeMessages"] = "messages between processes that are on their way",
        ["WorkerNodes"] = "which workers live at this moment",
        ["SignInSessions"] = "a session that was ended since would be open again; people sign in anew",
        ["SignInLinks"] = "a one-time link that was used since would work again",
        ["SignInFailures"] = "counters of the last minutes",
    };

    /// <summary>The tables of a model that are carried: a table comes behind those that it refers to.</summary>
    public static IReadOnlyList<ArchiveTable> Of(IModel model)
    {
        var open = model.GetRelationalModel().Tables.Where(t => !LeftOut.ContainsKey(t.Name)).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<ITable>();
        while (open.Count > 0)
        {
            // Rows of one table may refer to each other: they come in one statement, and keys are checked at its end.
            var next = open.Where(t => t.ForeignKeyConstraints.All(k => k.PrincipalTable == t || !open.Contains(k.PrincipalTable))).ToList();
            if (next.Count == 0) throw new InvalidOperationException($"These tables refer to each other in a circle: {string.Join(", ", open.Select(t => t.Name))}.");
            ordered.AddRange(next);
            open.RemoveAll(next.Contains);
        }

        return [.. ordered.Select(t => new ArchiveTable(t.Name, [.. t.Columns.Where(IsStored).Select(c => new ArchiveColumn(c.Name, c.StoreType))]))];
    }

    /// <summary>The model of the database at one of its migrations.</summary>
    public static IModel ModelAt(AppDbContext db, string migration)
    {
        var known = db.GetService<IMigrationsAssembly>();
        if (known.Migrations.Keys.Max(StringComparer.Ordinal) == migration) return db.Model;
        var model = known.CreateMigration(known.Migrations[migration], db.Database.ProviderName!).TargetModel;
        return db.GetService<IModelRuntimeInitializer>().Initialize(model is IMutableModel open ? open.FinalizeModel() : model, designTime: true, validationLogger: null);
    }

    private static bool IsStored(IColumn column) => column.ComputedColumnSql is null;
}
