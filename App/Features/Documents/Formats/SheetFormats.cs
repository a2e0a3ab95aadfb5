using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Writes numbers of a workbook by their number formats (ISO/IEC 29500-1, 18.8.30): dates and times in ISO form, percentages, others with 15 digits.</summary>
internal sealed partial class SheetFormats
{
    private const double LastSerial = 2_958_466;
    private readonly List<Kind> _kinds = [];
    private readonly bool _from1904;

    /// <param name="from1904">Days are counted from 1904, as old Macintosh workbooks do.</param>
    public SheetFormats(XElement? styles, bool from1904)
    {
        _from1904 = from1904;
        var codes = new Dictionary<int, string>();
        foreach (var format in styles?.Element(Ns.X + "numFmts")?.Elements(Ns.X + "numFmt") ?? [])
        {
            if (int.TryParse((string?)format.Attribute("numFmtId"), CultureInfo.InvariantCulture, out var id)) codes[id] = (string?)format.Attribute("formatCode") ?? "";
        }
        foreach (var look in styles?.Element(Ns.X + "cellXfs")?.Elements(Ns.X + "xf") ?? [])
            _kinds.Add(int.TryParse((string?)look.Attribute("numFmtId"), CultureInfo.InvariantCulture, out var id) ? KindOf(id, codes.GetValueOrDefault(id)) : Kind.Number);
    }

    private enum Kind
    {
        Number,
        Percent,
        Date,
        Time,
        DateTime,
        Duration,
    }

    /// <param name="value">As the file holds it, with a point.</param>
    /// <param name="look">Index of the cell's format.</param>
    public string Text(string value, int look)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return value;
        return (look >= 0 && look < _kinds.Count ? _kinds[look] : Kind.Number) switch
        {
            Kind.Percent => Plain(Math.Round(number * 100, 10)) + "%",
            Kind.Duration when Math.Abs(number) < LastSerial => Duration(number),
            Kind.Date or Kind.Time or Kind.DateTime when number is >= 0 and < LastSerial => Moment(number, _kinds[look]),
            _ => Plain(number),
        };
    }

    /// <summary>15 digits, as the program shows them: 0.1 + 0.2 is 0.3.</summary>
    private static string Plain(double number) => Math.Abs(number) is >= 1e-5 and < 1e15 or 0
        ? ((decimal)number).ToString("0.###############", CultureInfo.InvariantCulture)
        : number.ToString("G15", CultureInfo.InvariantCulture);

    private string Moment(double serial, Kind kind)
    {
        // 1900 is a leap year for the program and was none: before March 1900 its days are one ahead.
        var days = _from1904 ? serial + 1_462 : serial < 60 ? serial + 1 : serial;
        var moment = new DateTime(1899, 12, 30).AddSeconds(Math.Round(days * 86_400));
        var hasTime = moment.TimeOfDay != TimeSpan.Zero;
        var format = kind == Kind.Time || (serial < 1 && kind == Kind.DateTime) ? moment.Second == 0 ? "HH:mm" : "HH:mm:ss"
            : kind == Kind.Date || !hasTime ? "yyyy-MM-dd"
            : moment.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss";
        return moment.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Duration(double days)
    {
        var span = TimeSpan.FromSeconds(Math.Round(Math.Abs(days) * 86_400));
        return string.Create(CultureInfo.InvariantCulture, $"{(days < 0 ? "-" : "")}{(long)span.TotalHours}:{span.Minutes:00}:{span.Seconds:00}");
    }

    private static Kind KindOf(int id, string? code) => code is null ? id switch
    {
        9 or 10 => Kind.Percent,
        >= 14 and <= 17 or >= 27 and <= 31 or 36 or >= 50 and <= 58 => Kind.Date,
        >= 18 and <= 21 or 45 or 47 => Kind.Time,
        22 => Kind.DateTime,
        46 => Kind.Duration,
        _ => Kind.Number,
    } : KindOf(code);

    private static Kind KindOf(string code)
    {
        var first = code.Split(';')[0];
        if (Elapsed().IsMatch(first)) return Kind.Duration;
        // Literal text, colours, currencies and fill signs hold letters that mean no date.
        var letters = Literal().Replace(first, "").ToLowerInvariant();
        if (letters.Contains('%')) return Kind.Percent;
        if (letters.Contains("general", StringComparison.Ordinal) || letters.AsSpan().IndexOfAny('0', '#', '?') >= 0 && !letters.Contains('y') && !letters.Contains('d') && !letters.Contains('h')) return Kind.Number;
        var hasDay = letters.AsSpan().IndexOfAny('y', 'd') >= 0;
        var hasTime = letters.AsSpan().IndexOfAny('h', 's') >= 0;
        return hasDay && hasTime ? Kind.DateTime : hasTime ? Kind.Time : hasDay || letters.Contains('m') ? Kind.Date : Kind.Number;
    }

    [GeneratedRegex(@"\[(h+|m+|s+)\]", RegexOptions.IgnoreCase)]
    private static partial Regex Elapsed();

    [GeneratedRegex("""
        "[^"]*"|\\.|_.|\*.|\[[^\]]*\]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Literal();
}
