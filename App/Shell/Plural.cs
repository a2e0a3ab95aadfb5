using System.Globalization;
using BlazorAdmin.Shell.Lists;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Shell;

/// <summary>Plural rules of the portal's languages: English and German know one and other.</summary>
public static class Plural
{
    /// <summary>The text <c>{key}One</c> for exactly one, else <c>{key}Other</c>; {0} is the count with group separators, {1}... the arguments.</summary>
    public static string Count(this IStringLocalizer texts, string key, long count, params object[] arguments)
    {
        var form = count == 1 ? "One" : "Other";
        var number = count.ToString("N0", CultureInfo.CurrentCulture);
        return texts[key + form, [number, .. arguments]];
    }

    /// <summary>The same for a count that may have been cut off: "10,000+ selected".</summary>
    public static string Count(this IStringLocalizer texts, string key, ListTotal total) => total.More
        ? texts[key + "Other", total.Count.ToString("N0", CultureInfo.CurrentCulture) + "+"]
        : texts.Count(key, total.Count);
}
