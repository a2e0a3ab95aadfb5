using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Features.Settings;

/// <summary>How a setting is written and edited.</summary>
public enum SettingKind
{
    Text,
    Toggle,
    Whole,
    Number,
    Choice,
    List,
    Map,
}

/// <summary>What a setting takes, read from the type and the annotations of its property.</summary>
public sealed record SettingShape(SettingKind Kind, Type Type)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Least and most of a number.</summary>
    public double? Least { get; init; }

    public double? Most { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    public bool IsRequired { get; init; }

    public bool IsAddress { get; init; }

    public string? Pattern { get; init; }

    public bool NeedsRestart { get; init; }

    /// <summary>Only the server's files, variables and arguments say it.</summary>
    public bool IsServerOnly { get; init; }

    /// <summary>How its entries name roles; null if they do not.</summary>
    public NamesRolesAttribute? Roles { get; init; }

    /// <summary>Of one entry of a list or map.</summary>
    public SettingShape? Entry { get; init; }

    public bool IsCollection => Kind is SettingKind.List or SettingKind.Map;

    public static SettingShape Of(PropertyInfo property)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        return Of(property.PropertyType) with
        {
            Least = Number(range?.Minimum),
            Most = Number(range?.Maximum),
            IsRequired = property.GetCustomAttribute<RequiredAttribute>() is { AllowEmptyStrings: false },
            IsAddress = property.GetCustomAttribute<UrlAttribute>() is not null,
            Pattern = property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern,
            NeedsRestart = property.GetCustomAttribute<NeedsRestartAttribute>() is not null,
            Roles = property.GetCustomAttribute<NamesRolesAttribute>(),
            IsServerOnly = property.GetCustomAttribute<ServerOnlyAttribute>() is not null,
        };
    }

    /// <summary>What is wrong with one value; null if nothing is. Of a list or map, the value of one entry.</summary>
    public SettingIssue? Check(string key, string value)
    {
        if (Entry is not null) return Entry.Check(key, value);
        if (IsRequired && string.IsNullOrWhiteSpace(value)) return new SettingIssue(key, SettingFault.Missing);
        switch (Kind)
        {
            case SettingKind.Toggle when !bool.TryParse(value, out _):
                return new SettingIssue(key, SettingFault.NotToggle);
            case SettingKind.Choice when !Choices.Contains(value, StringComparer.OrdinalIgnoreCase):
                return new SettingIssue(key, SettingFault.NotOffered, string.Join(", ", Choices));
            case SettingKind.Whole or SettingKind.Number:
                return CheckNumber(key, value);
            case SettingKind.Text when Type != typeof(string) && !Converts(value):
                return new SettingIssue(key, SettingFault.Unreadable, value);
        }

        if (IsAddress && !(Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "ftp")) return new SettingIssue(key, SettingFault.NotAddress);
        return Pattern is not null && value.Length > 0 && !Matches(value) ? new SettingIssue(key, SettingFault.Malformed, Pattern) : null;
    }

    private static SettingShape Of(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (type == typeof(bool)) return new SettingShape(SettingKind.Toggle, type);
        if (type.IsEnum) return new SettingShape(SettingKind.Choice, type) { Choices = Enum.GetNames(type) };
        if (type == typeof(int) || type == typeof(long) || type == typeof(short)) return new SettingShape(SettingKind.Whole, type);
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal)) return new SettingShape(SettingKind.Number, type);
        if (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type)) return new SettingShape(SettingKind.Text, type);
        var arguments = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
        return arguments.Length == 2
            ? new SettingShape(SettingKind.Map, type) { Entry = Of(arguments[1]) }
            : new SettingShape(SettingKind.List, type) { Entry = Of(arguments.Length == 1 ? arguments[0] : typeof(string)) };
    }

    private SettingIssue? CheckNumber(string key, string value)
    {
        if (Kind == SettingKind.Whole && !Converts(value)) return new SettingIssue(key, SettingFault.NotWhole);
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) return new SettingIssue(key, SettingFault.NotNumber);
        if (number >= (Least ?? double.MinValue) && number <= (Most ?? double.MaxValue)) return null;
        return new SettingIssue(key, SettingFault.OutOfRange, Plain(Least), Plain(Most));
    }

    private bool Converts(string value)
    {
        try
        {
            return TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException or OverflowException)
        {
            return false;
        }
    }

    // The same as the annotation: the whole value, and a pattern that takes too long counts as no match.
    private bool Matches(string value)
    {
        try
        {
            return Regex.Match(value, Pattern!, RegexOptions.None, Patience) is { Success: true, Index: 0 } match && match.Length == value.Length;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static double? Number(object? bound) => bound is null ? null : Convert.ToDouble(bound, CultureInfo.InvariantCulture);

    private static string Plain(double? bound) => bound?.ToString("0.##########", CultureInfo.InvariantCulture) ?? "";
}
