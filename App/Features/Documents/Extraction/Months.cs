using System.Collections.Frozen;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Names and abbreviations of months in German and English.</summary>
internal static class Months
{
    private static readonly FrozenDictionary<string, int> Numbers = new (string Names, int Number)[]
    {
        ("januar jänner january jan jän", 1), ("februar feber february feb", 2), ("märz maerz march mar mär mrz", 3), ("april apr", 4), ("mai may", 5), ("juni june jun", 6),
        ("juli july jul", 7), ("august aug", 8), ("september sept sep", 9), ("oktober october okt oct", 10), ("november nov", 11), ("dezember december dez dec", 12),
    }.SelectMany(month => month.Names.Split(' ').Select(name => (name, month.Number))).ToFrozenDictionary(pair => pair.name, pair => pair.Number, StringComparer.OrdinalIgnoreCase);

    /// <summary>Alternatives for a regular expression, longest first.</summary>
    public const string Pattern = "januar|jänner|january|jan|jän|februar|feber|february|feb|märz|maerz|march|mar|mär|mrz|april|apr|mai|may|juni|june|jun|juli|july|jul|august|aug|september|sept|sep|oktober|october|okt|oct|november|nov|dezember|december|dez|dec";

    public static int Number(string name) => Numbers[name];
}
