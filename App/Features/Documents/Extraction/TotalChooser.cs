using System.Globalization;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>Chooses what is to be paid among the amounts: by its label, and by what cash and change prove.</summary>
internal static class TotalChooser
{
    // A total right after a line of rounding is the one that is paid.
    private const int AfterRounding = 5;
    private const int RoundingReaches = 3;
    private const int ProvedByCash = 6;

    /// <summary>The last amount of the strongest label; without a label the largest amount, with little confidence.</summary>
    public static FoundEntity? Choose(IReadOnlyList<PageLine> lines)
    {
        var (best, strongest, rounding) = (default(FoundEntity), 0, int.MinValue);
        for (var i = 0; i < lines.Count; i++)
        {
            if (TotalLabels.Rounds(lines[i].Text)) rounding = i;
            var strength = TotalLabels.Strength(lines[i].Text);
            if (strength == 0) continue;
            if ((lines[i].Entities.LastOrDefault(IsAmount) ?? Below(lines, i)) is not { } amount) continue;
            if (strength >= 3 && rounding >= 0 && i - rounding <= RoundingReaches) (strength, rounding) = (AfterRounding, int.MinValue);
            if (strength < strongest) continue;
            (best, strongest) = (amount, strength);
        }
        if (ByCash(lines) is { } proved && (best is null || strongest < ProvedByCash)) (best, strongest) = (proved, ProvedByCash);
        if (best is not null) return best with { Confidence = Math.Round(best.Confidence * Math.Min(1, 0.5 + 0.125 * strongest), 2) };
        var largest = lines.SelectMany(line => line.Entities).Where(IsAmount).MaxBy(Number);
        return largest is null ? null : largest with { Confidence = Math.Round(largest.Confidence * 0.4, 2) };
    }

    public static bool IsAmount(FoundEntity one) => one.Kind == EntityKinds.Amount;

    /// <summary>Cash less change, where that amount stands in the document.</summary>
    private static FoundEntity? ByCash(IReadOnlyList<PageLine> lines)
    {
        var paid = default(FoundEntity);
        for (var i = 0; i < lines.Count; i++)
        {
            if (TotalLabels.Paid(lines[i].Text) && lines[i].Entities.LastOrDefault(IsAmount) is { } cash) paid = cash;
            else if (paid is not null && TotalLabels.GaveBack(lines[i].Text) && lines[i].Entities.LastOrDefault(IsAmount) is { } change)
            {
                var total = Number(paid) - Number(change);
                return total <= 0 ? null : lines.Take(i + 1).SelectMany(line => line.Entities).LastOrDefault(one => IsAmount(one) && Number(one) == total);
            }
        }
        return null;
    }

    /// <summary>The amount under a label, where a line holds nothing else.</summary>
    private static FoundEntity? Below(IReadOnlyList<PageLine> lines, int at)
    {
        for (var i = at + 1; i < lines.Count && i <= at + 2; i++)
        {
            if (lines[i].Text.Trim().Length == 0) continue;
            var amount = lines[i].Entities.FirstOrDefault(IsAmount);
            return amount is not null && lines[i].Text.Count(char.IsLetter) <= amount.Text.Count(char.IsLetter) + 3 ? amount : null;
        }
        return null;
    }

    private static decimal Number(FoundEntity amount) => decimal.TryParse(amount.Value.Split(' ')[0], NumberStyles.Number, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
