using System.Globalization;

namespace BlazorAdmin.Shell.Lists;

/// <summary>Writes keys into cursors and reads them back exactly.</summary>
internal static class KeysetValue
{
    private static readonly Type[] Supported =
    [
        typeof(string), typeof(Guid), typeof(short), typeof(int), typeof(long), typeof(double), typeof(decimal),
        typeof(DateTimeOffset), typeof(DateTime), typeof(DateOnly), typeof(TimeSpan),
    ];

    public static bool Supports(Type type) => Supported.Contains(Nullable.GetUnderlyingType(type) ?? type);

    public static string? Write(object? value) => value switch
    {
        null => null,
        DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
        DateTime at => at.ToString("O", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>False for text that is no value of the type.</summary>
    public static bool TryRead(string? text, Type type, out object? value)
    {
        value = null;
        if (text is null) return true;
        var culture = CultureInfo.InvariantCulture;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        value = plain switch
        {
            _ when plain == typeof(string) => text,
            _ when plain == typeof(Guid) => Guid.TryParse(text, out var guid) ? guid : null,
            _ when plain == typeof(short) => short.TryParse(text, NumberStyles.Integer, culture, out var number) ? number : null,
            _ when plain == typeof(int) => int.TryParse(text, NumberStyles.Integer, culture, out var number) ? number : null,
            _ when plain == typeof(long) => long.TryParse(text, NumberStyles.Integer, culture, out var number) ? number : null,
            _ when plain == typeof(double) => double.TryParse(text, NumberStyles.Float, culture, out var number) ? number : null,
            _ when plain == typeof(decimal) => decimal.TryParse(text, NumberStyles.Number, culture, out var number) ? number : null,
            _ when plain == typeof(DateTimeOffset) => DateTimeOffset.TryParse(text, culture, DateTimeStyles.RoundtripKind, out var at) ? at.ToUniversalTime() : null,
            _ when plain == typeof(DateTime) => DateTime.TryParse(text, culture, DateTimeStyles.RoundtripKind, out var at) ? at : null,
            _ when plain == typeof(DateOnly) => DateOnly.TryParse(text, culture, out var day) ? day : null,
            _ when plain == typeof(TimeSpan) => TimeSpan.TryParse(text, culture, out var span) ? span : null,
            _ => null,
        };
        return value is not null;
    }
}
