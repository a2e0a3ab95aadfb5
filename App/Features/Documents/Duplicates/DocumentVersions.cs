using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Live;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Documents.Duplicates;

/// <summary>The versions of a document: who gave which, what changed in the text, and which one counts.</summary>
public sealed class DocumentVersions(Guard guard, IDbContextFactory<AppDbContext> databases, TimeProvider time, Topic<DocumentChanged> changes)
{
    /// <summary>So many characters of each text are compared.</summary>
    public const int MostCompared = 200_000;

    private const int MostVersions = 200;

    /// <summary>All versions that the caller may see, newest first; empty: there is no such document for them.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<IReadOnlyList<DocumentVersionRow>> Of(Guid id, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Visible(caller).Where(d => d.Id == id).Select(d => (Guid?)d.SeriesId).SingleOrDefaultAsync(cancel) is not { } series) return [];
        var changeable = db.Changeable(caller).Select(d => d.Id);
        return await db.Visible(caller).AsNoTracking().Where(d => d.SeriesId == series).OrderByDescending(d => d.Edition).Take(MostVersions).Select(d => new DocumentVersionRow(
            d.Id, d.Edition, d.IsLatest, d.Name, d.CreatedAt, db.Users.Where(u => u.Id == d.OwnerId).Select(u => u.DisplayName).FirstOrDefault(), d.Size, d.Characters, changeable.Contains(d.Id), d.Id == d.SeriesId)).ToListAsync(cancel);
    }

    /// <summary>What changed in the text from one version to another, line by line.</summary>
    /// <returns>Null: the caller may not see both, or they are no versions of one document.</returns>
    /// <exception cref="ForbiddenException"/>
    public async Task<VersionDifference?> Compare(Guid beforeId, Guid afterId, CancellationToken cancel)
    {
        var caller = await RequireAny(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var series = await db.Visible(caller).Where(d => d.Id == beforeId || d.Id == afterId).Select(d => d.SeriesId).ToListAsync(cancel);
        if (series.Count != 2 || series[0] != series[1]) return null;
        var texts = await EffectiveText.Load(db, [beforeId, afterId], MostCompared, cancel);
        var (before, after) = (texts.GetValueOrDefault(beforeId, ""), texts.GetValueOrDefault(afterId, ""));
        return new VersionDifference(TextDiff.Of(before, after), before.Length >= MostCompared || after.Length >= MostCompared);
    }

    /// <summary>Makes an older version the latest again: it moves to the end of the versions.</summary>
    /// <exception cref="ForbiddenException"/>
    public async Task<DuplicateResult> MakeLatest(Guid id, CancellationToken cancel)
    {
        var caller = await guard.RequireChange(DocumentsPermissions.Own, cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var visible = db.Visible(caller).Select(d => d.Id);
        var mine = db.Changeable(caller).Where(d => d.Id == id && visible.Contains(d.Id));
        if (await mine.Select(d => (Guid?)d.SeriesId).SingleOrDefaultAsync(cancel) is not { } series) return DuplicateResult.NotFound;
        await SeriesOrder.Hold(db, [series], cancel);
        if (await mine.SingleOrDefaultAsync(d => d.SeriesId == series, cancel) is not { } document) return DuplicateResult.NotFound;
        if (!await DuplicateCommands.MayChangeAll(db, caller, [series], cancel)) return DuplicateResult.NotFound;
        if (document.IsLatest) return DuplicateResult.Done;
        var before = document.Edition;
        document.MoveToSeries(series, await SeriesOrder.NextEdition(db, series, cancel));
        db.Audit(caller, "documents.make_latest", "document", id, document.Name, new { before, now = document.Edition });
        db.AfterCommit(() => changes.Publish(new DocumentChanged(document.Id, document.OwnerId, document.Version)));
        await db.SaveChangesAsync(cancel);
        await SeriesOrder.Settle(db, [series], time.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        return DuplicateResult.Done;
    }

    /// <summary>
    /// Makes a document that <paramref name="db"/> has not saved yet the newest version of a series. Call it inside the transaction that saves it:
    /// it holds the series until the end, so that of two people who add a version at once both get a number of their own.
    /// </summary>
    /// <exception cref="DocumentSeriesException">There is no such series, or the caller may not change its latest version. Nothing was changed.</exception>
    public static async Task JoinSeries(AppDbContext db, Caller caller, Document document, Guid seriesId, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is null) throw new InvalidOperationException("A version is added inside the transaction that saves the document.");
        await SeriesOrder.Hold(db, [seriesId], cancel);
        var visible = db.Visible(caller).Select(d => d.Id);
        if (await db.Changeable(caller).Where(d => d.SeriesId == seriesId && d.IsLatest && visible.Contains(d.Id)).Select(d => new { d.CollectionId }).SingleOrDefaultAsync(cancel) is not { } latest) throw new DocumentSeriesException();
        // Who may see a document may see its versions: they stand in one collection.
        if (latest.CollectionId is { } collection && !await db.OpenCollections(caller).AnyAsync(c => c.Id == collection, cancel)) throw new DocumentSeriesException();
        document.CollectionId = latest.CollectionId;
        (document.SeriesId, document.Edition, document.IsLatest) = (seriesId, await SeriesOrder.NextEdition(db, seriesId, cancel), true);
        await db.Set<Document>().Where(d => d.SeriesId == seriesId && d.Id != document.Id && d.IsLatest)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.IsLatest, false).SetProperty(d => d.Version, d => d.Version + 1), cancel);
    }

    private async ValueTask<Caller> RequireAny(CancellationToken cancel) =>
        await guard.RequireDocuments(cancel);
}

/// <param name="Cut">A text was longer than what is compared.</param>
public sealed record VersionDifference(IReadOnlyList<DiffLine> Lines, bool Cut);

/// <summary>A document cannot become a version of the series it was meant for.</summary>
public sealed class DocumentSeriesException() : Exception("There is no such document any more, or it may not be changed by this person.");
