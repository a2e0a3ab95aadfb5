using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BlazorAdmin.Data;
using BlazorAdmin.Data.Keys;
using BlazorAdmin.Security;

namespace BlazorAdmin.Features.Drafts;

/// <summary>
/// Typed input that is not sent yet, of the caller and nobody else. It outlives the circuit, the page and the server. What is
/// kept is sealed for its person and its form; passwords and secrets do not come here (js/drafts.js leaves them out, and
/// fields that call themselves passwords are dropped once more). Not audited: a draft changes nothing that anybody sees, and
/// what becomes of it has the row of the form's own command.
/// </summary>
public sealed partial class DraftStore(IDbContextFactory<AppDbContext> databases, Guard guard, SecretBox box, IDatabaseDialect dialect, TimeProvider time, ILogger<DraftStore> log)
{
    /// <summary>Of one draft, as JSON in UTF-8.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>Of one person; the oldest makes room.</summary>
    public const int MostDrafts = 50;

    private const int Rounds = 10;
    private const int FormLength = 300;
    private const int TitleLength = 200;
    private const int UrlLength = 2_000;

    // Longer than a request that was overtaken is on its way, shorter than it takes somebody to go on at a computer whose clock is behind.
    private static readonly TimeSpan Overtaking = TimeSpan.FromSeconds(10);

    /// <summary>How long a draft waits for its person.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Keeps what <paramref name="content"/> holds as the draft of <paramref name="form"/>, instead of an earlier one.</summary>
    public async Task<DraftOutcome> SaveAsync(string form, DraftContent content, CancellationToken cancellation)
    {
        if (await OwnAsync(cancellation) is not { } caller || !IsForm(form) || !IsComplete(content)) return DraftOutcome.Refused;
        form = Spelled(form);
        var fields = content.Fields.Where(field => !Password().IsMatch(field.Key)).ToDictionary(StringComparer.Ordinal);
        var json = JsonSerializer.Serialize(content with { Fields = fields }, JsonSerializerOptions.Web);
        if (Encoding.UTF8.GetByteCount(json) > MostBytes) return DraftOutcome.TooLarge;
        var sealedText = box.Seal(Purpose(caller.PersonId, form), json);
        for (var round = 1; ; round++)
        {
            try
            {
                if (await WriteAsync(caller, form, sealedText, content.Number, round == Rounds, cancellation)) return DraftOutcome.Kept;
            }
            catch (DbUpdateException exception) when (round < Rounds && (dialect.IsDuplicateKey(exception) || exception is DbUpdateConcurrencyException))
            {
                // A second tab of the same person wrote or took away the same draft: once more on what is there now.
            }
        }
    }

    /// <summary>Forgets the draft: the form was sent or given up.</summary>
    public async Task RemoveAsync(string form, CancellationToken cancellation)
    {
        if (await OwnAsync(cancellation) is not { } caller) return;
        form = Spelled(form);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<Draft>().Where(d => d.UserId == caller.PersonId && d.Form == form).ExecuteDeleteAsync(cancellation);
    }

    /// <summary>The caller's drafts of the forms of one page, the newest first.</summary>
    public async Task<IReadOnlyList<DraftView>> OfPageAsync(string page, CancellationToken cancellation)
    {
        if (await OwnAsync(cancellation) is not { } caller) return [];
        var forms = Spelled(page + "#");
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await Living(db, caller).Where(d => d.Form.StartsWith(forms)).OrderByDescending(d => d.SavedAt).ToListAsync(cancellation);
        return [.. rows.Select(row => Open(caller, row)).OfType<DraftView>()];
    }

    /// <summary>The caller's draft of a form; null if there is none, or its time is over.</summary>
    public async Task<DraftView?> FindAsync(string form, CancellationToken cancellation)
    {
        if (await OwnAsync(cancellation) is not { } caller) return null;
        form = Spelled(form);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Living(db, caller).SingleOrDefaultAsync(d => d.Form == form, cancellation) is { } row ? Open(caller, row) : null;
    }

    // Whoever looks at the portal as this person neither sees what they have begun nor leaves anything among it.
    private async Task<Caller?> OwnAsync(CancellationToken cancellation) => await guard.RequireSignedIn(cancellation) is { ReadOnly: not ReadOnlyReason.Impersonation } caller ? caller : null;

    private IQueryable<Draft> Living(AppDbContext db, Caller caller)
    {
        var oldest = time.GetUtcNow() - Lifetime;
        return db.Set<Draft>().AsNoTracking().Where(d => d.UserId == caller.PersonId && d.TenantId == caller.TenantId && d.SavedAt >= oldest);
    }

    /// <summary>False: somebody wrote the draft since it was looked at; to be tried again, the <paramref name="last"/> time without looking.</summary>
    private async Task<bool> WriteAsync(Caller caller, string form, string sealedText, long number, bool last, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var drafts = db.Set<Draft>();
        var now = time.GetUtcNow();
        if (await drafts.AsNoTracking().SingleOrDefaultAsync(d => d.UserId == caller.PersonId && d.Form == form, cancellation) is { } draft)
        {
            // This one was sent before the one that is there, and came after it.
            if (now - draft.SavedAt < Overtaking && draft.TenantId == caller.TenantId && Open(caller, draft)?.Content.Number > number) return true;
            // No two of one draft are sealed alike.
            var written = await drafts.Where(d => d.UserId == caller.PersonId && d.Form == form && (last || d.Content == draft.Content))
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.TenantId, caller.TenantId).SetProperty(d => d.Content, sealedText).SetProperty(d => d.SavedAt, now), cancellation);
            return written > 0 || last;
        }

        drafts.Add(new Draft { UserId = caller.PersonId, Form = form, TenantId = caller.TenantId, Content = sealedText, SavedAt = now });
        var surplus = await drafts.Where(d => d.UserId == caller.PersonId).OrderByDescending(d => d.SavedAt).ThenBy(d => d.Form).Skip(MostDrafts - 1).ToListAsync(cancellation);
        drafts.RemoveRange(surplus);
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    private DraftView? Open(Caller caller, Draft row)
    {
        try
        {
            var content = JsonSerializer.Deserialize<DraftContent>(box.Open(Purpose(caller.PersonId, row.Form), row.Content), JsonSerializerOptions.Web);
            return content is null ? null : new DraftView(row.Form, content, row.SavedAt);
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            // Sealed under another root key, or by another version: what was typed is lost, and the form opens as saved.
            DraftsLog.Unreadable(log, exception, row.Form);
            return null;
        }
    }

    // A row that is moved to somebody else, or to another form, does not open. One database finds a form by any spelling of its name, and the row keeps the first.
    private static string Purpose(Guid person, string form) => $"draft:{person:N}:{form.ToLowerInvariant()}";

    // A page has one address in many spellings; js/drafts.js spells it like this too.
    private static string Spelled(string form) => form.IndexOf('#', StringComparison.Ordinal) is > 0 and var end ? string.Concat(form[..end].ToLowerInvariant(), form[end..]) : form;

    private static bool IsForm(string form) => form.Length is > 2 and <= FormLength && form[0] == '/' && form.Contains('#', StringComparison.Ordinal);

    private static bool IsComplete(DraftContent content) =>
        content is { Title.Length: <= TitleLength, Url.Length: > 0 and <= UrlLength, Fields.Count: > 0 and <= 1_000 }
        && LocalUrl.Clean(content.Url) == content.Url && content.Through is null or { Length: <= TitleLength } && content.Fields.Values.All(field => field is { Value: not null, Base: not null });

    [GeneratedRegex("passwor[dt]|passphrase|one-time", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
