using System.Globalization;
using System.Text;
using CsvHelper;

namespace BlazorAdmin.Features.Users;

/// <summary>Why a file of people cannot be read at all.</summary>
public enum ImportFault
{
    None,
    TooLarge,
    TooManyRows,
    Empty,

    /// <summary>The first line does not name the columns for name and e-mail address.</summary>
    ColumnsMissing,

    /// <summary>A quoted field does not end, or has something behind its end. {0}: the line.</summary>
    Malformed,
}

/// <summary>One person of the file.</summary>
/// <param name="Line">Where it stands in the file, from 1; the header counts.</param>
/// <param name="Roles">Null: the file says nothing of them.</param>
public sealed record ImportRow(int Line, string Name, string Email, IReadOnlyList<string>? Roles);

/// <param name="Ignored">Columns that mean nothing here.</param>
/// <param name="Detail">Of the fault, for instance the line.</param>
public sealed record ImportFile(ImportFault Fault, IReadOnlyList<ImportRow> Rows, IReadOnlyList<string> Ignored, string? Detail = null)
{
    public static ImportFile Refused(ImportFault fault, string? detail = null) => new(fault, [], [], detail);
}

/// <summary>
/// Reads a list of people as spreadsheets save it: CSV (RFC 4180) with comma, semicolon or tab; UTF-8 with and without byte order mark,
/// UTF-16, otherwise Windows-1252. Columns are found by their names, English or German, in any order.
/// </summary>
public static class UserImportFile
{
    public const int MaxBytes = 5 << 20;
    public const int MaxRows = 10_000;

    private static readonly HashSet<string> NameTitles = new(["name", "display name", "displayname", "full name", "anzeigename", "voller name"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> EmailTitles = new(["e-mail", "email", "mail", "e-mail address", "email address", "e-mail-adresse", "mailadresse"], StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string> RoleTitles = new(["role", "roles", "rolle", "rollen"], StringComparer.OrdinalIgnoreCase);

    // A cell between two of these is one role; a name of a role has none of them.
    private static readonly char[] RoleSeparators = [',', ';', '|', '\n'];

    public static ImportFile Read(byte[] content)
    {
        if (content.Length > MaxBytes) return ImportFile.Refused(ImportFault.TooLarge);
        using var reader = CsvReader.FromText(Decode(content), new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true, MalformedData = CsvMalformedDataHandling.Throw });
        try
        {
            return Read(reader);
        }
        catch (CsvFormatException exception)
        {
            return ImportFile.Refused(ImportFault.Malformed, exception.LineNumber.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static ImportFile Read(CsvReader reader)
    {
        if (!reader.Read()) return ImportFile.Refused(ImportFault.Empty);
        var titles = Enumerable.Range(0, reader.FieldCount).Select(i => Plain(reader.GetString(i))).ToList();
        var (name, email, roles) = (titles.FindIndex(NameTitles.Contains), titles.FindIndex(EmailTitles.Contains), titles.FindIndex(RoleTitles.Contains));
        if (name < 0 || email < 0) return ImportFile.Refused(ImportFault.ColumnsMissing, string.Join(", ", titles.Take(20)));
        var rows = new List<ImportRow>();
        while (reader.Read())
        {
            if (rows.Count == MaxRows) return ImportFile.Refused(ImportFault.TooManyRows);
            rows.Add(new ImportRow((int)reader.LineNumber, Field(name), Field(email), roles < 0 ? null : Split(Field(roles))));
        }

        return rows.Count == 0 ? ImportFile.Refused(ImportFault.Empty) : new ImportFile(ImportFault.None, rows, [.. titles.Where((title, i) => title.Length > 0 && i != name && i != email && i != roles)]);

        string Field(int index) => index < reader.FieldCount ? Plain(reader.GetString(index)) : "";
    }

    private static List<string>? Split(string cell) => cell.Length == 0 ? null : [.. cell.Split(RoleSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    // The apostrophe that an export puts before what a spreadsheet would run is not part of the text.
    private static string Plain(string cell) => cell.Trim() is ['\'', '=' or '+' or '-' or '@', ..] neutral ? neutral[1..] : cell.Trim();

    private static string Decode(byte[] content)
    {
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Encoding.UTF8.GetString(content.AsSpan(3));
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Encoding.Unicode.GetString(content.AsSpan(2));
        if (content.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Encoding.BigEndianUnicode.GetString(content.AsSpan(2));
        // Without a mark UTF-16 shows by the zeros between the letters.
        var head = content.AsSpan(0, Math.Min(content.Length, 2_000));
        var (even, odd) = (0, 0);
        for (var i = 0; i + 1 < head.Length; i += 2)
        {
            if (head[i] == 0) even++;
            if (head[i + 1] == 0) odd++;
        }

        if (odd > head.Length / 5) return Encoding.Unicode.GetString(content);
        if (even > head.Length / 5) return Encoding.BigEndianUnicode.GetString(content);
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException)
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(content);
        }
    }
}
