using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Jobs.Searching;

/// <summary>What a job is found by: written with the job, read by the search.</summary>
public static class JobSearchFields
{
    private const int MostWords = 12;
    private const int MostValues = 20;
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Field>> ByType = new();

    /// <summary>
    /// The rows of <paramref name="job"/>: up to 12 words of its subject, its tags, and the searchable fields of
    /// <paramref name="arguments"/> (20 values each). Their <see cref="JobField.JobId"/> is the job's, so 0 for one that is not saved.
    /// </summary>
    public static IReadOnlyList<JobField> For(Job job, object arguments)
    {
        var declared = FieldsOf(arguments.GetType());
        if (declared.Count == 0 && job.Subject is null && job.Tags is null) return [];
        var rows = new HashSet<(string Name, string Value)>();
        foreach (var word in Words(job.Subject).Distinct().Take(MostWords)) rows.Add((JobField.Subject, word));
        foreach (var tag in job.Tags?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []) rows.Add((JobField.Tag, Normal(tag)));
        foreach (var field in declared)
            foreach (var value in Values(field.Property.GetValue(arguments)).Take(MostValues))
                rows.Add((field.Name, value));
        return [.. rows.Select(row => new JobField { TenantId = job.TenantId, Name = row.Name, Value = row.Value, JobId = job.Id })];
    }

    /// <summary>Adds the rows of a job that <paramref name="db"/> is about to insert; they get its id within the same save.</summary>
    public static void AddFor(AppDbContext db, Job job, object arguments)
    {
        foreach (var row in For(job, arguments))
        {
            if (job.Id == 0)
            {
                var key = db.Entry(row).Property(f => f.JobId);
                key.CurrentValue = db.Entry(job).Property(j => j.Id).CurrentValue;
                key.IsTemporary = true;
            }

            db.Add(row);
        }
    }

    /// <summary>Names that jobs of this type of arguments are found by.</summary>
    public static IEnumerable<string> NamesOf(Type arguments) => FieldsOf(arguments).Select(f => f.Name);

    /// <summary>Runs of letters and digits, in lower case.</summary>
    public static IEnumerable<string> Words(string? text)
    {
        var word = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                if (word.Length < JobFieldConfiguration.ValueLength - 1) word.Append(Rune.ToLowerInvariant(rune).ToString());
                continue;
            }

            if (word.Length > 0) yield return word.ToString();
            word.Clear();
        }

        if (word.Length > 0) yield return word.ToString();
    }

    /// <summary>A value as it is stored and asked for.</summary>
    public static string Normal(string value) => JobText.Clean(value.Trim().ToLowerInvariant(), JobFieldConfiguration.ValueLength);

    private static IEnumerable<string> Values(object? value) => value switch
    {
        null => [],
        string text => text.Length == 0 ? [] : [Normal(text)],
        DateTimeOffset at => [at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture).ToLowerInvariant()],
        Enum or bool => [value.ToString()!.ToLowerInvariant()],
        IFormattable number => [Normal(number.ToString(null, CultureInfo.InvariantCulture))],
        IEnumerable several => several.Cast<object?>().SelectMany(Values),
        _ => [],
    };

    private static IReadOnlyList<Field> FieldsOf(Type type) => ByType.GetOrAdd(type, static t =>
    [
        .. from property in t.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where property.GetCustomAttribute<SearchableAttribute>() is not null && property.GetCustomAttribute<SecretAttribute>() is null
           select new Field(property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name), property),
    ]);

    private sealed record Field(string Name, PropertyInfo Property);
}
