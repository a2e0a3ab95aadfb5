using System.Globalization;
using System.Buffers;
using System.Text.Json;
using CsvHelper;

namespace BlazorAdmin.Shell.Lists;

/// <summary>Streams rows as CSV (RFC 4180, UTF-8 with byte order mark) or JSON. Memory does not grow with the number of rows.</summary>
public static class ListExport
{
    private const int FlushEvery = 500;
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r\n");

    /// <param name="remark">Asked after the last row; what it says becomes a line of its own at the end.</param>
    /// <returns>The number of rows written.</returns>
    public static async Task<long> WriteCsv<TRow>(IAsyncEnumerable<TRow> rows, IReadOnlyList<ExportColumn<TRow>> columns, Stream target, CancellationToken cancellation, Func<string?>? remark = null)
    {
        // Spreadsheets take UTF-8 for the local code page without the mark.
        await using var csv = CsvWriter.Create(target, new CsvWriterOptions { WriteByteOrderMark = true, NewLine = "\r\n" }, leaveOpen: true);
        foreach (var column in columns) csv.WriteField(Neutral(column.Title));
        await csv.EndRecordAsync(cancellation);
        long count = 0;
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            foreach (var column in columns) csv.WriteField(Cell(column.Value(row)));
            await csv.EndRecordAsync(cancellation);
            if (++count % FlushEvery == 0) await csv.FlushAsync(cancellation);
        }
        if (remark?.Invoke() is { } last)
        {
            csv.WriteField(Neutral(last));
            // RFC 4180: as many fields as every other line.
            for (var i = 1; i < columns.Count; i++) csv.WriteField("");
            await csv.EndRecordAsync(cancellation);
        }
        await csv.FlushAsync(cancellation);
        return count;
    }

    /// <summary>Writes an array of objects; values keep their type.</summary>
    /// <param name="remark">Asked after the last row; what it says becomes <c>{"incomplete": ...}</c>, the last element.</param>
    /// <returns>The number of rows written.</returns>
    public static async Task<long> WriteJson<TRow>(IAsyncEnumerable<TRow> rows, IReadOnlyList<ExportColumn<TRow>> columns, Stream target, CancellationToken cancellation, Func<string?>? remark = null)
    {
        await using var json = new Utf8JsonWriter(target);
        var names = columns.Select(column => JsonEncodedText.Encode(column.Key)).ToArray();
        json.WriteStartArray();
        long count = 0;
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            json.WriteStartObject();
            for (var i = 0; i < columns.Count; i++)
            {
                json.WritePropertyName(names[i]);
                Write(json, columns[i].Value(row));
            }
            json.WriteEndObject();
            if (++count % FlushEvery == 0) await json.FlushAsync(cancellation);
        }
        if (remark?.Invoke() is { } last)
        {
            json.WriteStartObject();
            json.WriteString("incomplete", last);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        await json.FlushAsync(cancellation);
        return count;
    }

    /// <summary>A text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers are written as numbers and stay.</summary>
    public static string Neutral(string text) => text.Length > 0 && FormulaStarts.Contains(text[0]) ? "'" + text : text;

    internal static string Cell(object? value) => value switch
    {
        null => "",
        string text => Neutral(text),
        bool flag => flag ? "true" : "false",
        Enum state => state.ToString(),
        DateTimeOffset at => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        DateTime at => at.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        TimeSpan span => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        IFormattable other => Neutral(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => Neutral(value.ToString() ?? ""),
    };

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case sbyte or byte or short or ushort or int or long: json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture)); break;
            case uint or ulong: json.WriteNumberValue(Convert.ToUInt64(value, CultureInfo.InvariantCulture)); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case float or double: json.WriteNullValue(); break;
            case TimeSpan span: json.WriteNumberValue(Math.Round(span.TotalSeconds, 3)); break;
            case Enum or DateTimeOffset or DateTime or DateOnly or IFormattable: json.WriteStringValue(Plain(value)); break;
            default: json.WriteStringValue(value.ToString()); break;
        }
    }

    // Only a spreadsheet runs formulas: JSON keeps the text as it is.
    private static string Plain(object value) => value is Enum or DateTimeOffset or DateTime or DateOnly
        ? Cell(value)
        : ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture);
}
