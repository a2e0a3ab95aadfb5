namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Unicode for the signs of the fonts Symbol and Wingdings that documents use as text.</summary>
internal static class SymbolFonts
{
    private const string SymbolLetters = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼";

    private static readonly Dictionary<int, string> SymbolSigns = new()
    {
        [0xA3] = "≤", [0xA5] = "∞", [0xAB] = "↔", [0xAC] = "←", [0xAD] = "↑", [0xAE] = "→", [0xAF] = "↓", [0xB0] = "°", [0xB1] = "±", [0xB3] = "≥", [0xB4] = "×", [0xB6] = "∂", [0xB7] = "•",
        [0xB8] = "÷", [0xB9] = "≠", [0xBA] = "≡", [0xBB] = "≈", [0xC5] = "⊕", [0xC6] = "∅", [0xC7] = "∩", [0xC8] = "∪", [0xCC] = "⊂", [0xCE] = "∈", [0xCF] = "∉", [0xD1] = "∇", [0xD2] = "®", [0xD3] = "©",
        [0xD4] = "™", [0xD5] = "∏", [0xD6] = "√", [0xD8] = "¬", [0xD9] = "∧", [0xDA] = "∨", [0xDB] = "⇔", [0xDE] = "⇒", [0xE5] = "∑", [0xF2] = "∫",
    };

    private static readonly Dictionary<int, string> Wingdings = new()
    {
        [0x28] = "☎", [0x2A] = "✉", [0x4A] = "☺", [0x4C] = "☹", [0x6C] = "●", [0x6E] = "■", [0x6F] = "□", [0x71] = "❑", [0x76] = "❖", [0xA7] = "▪", [0xA8] = "☐", [0xD8] = "➢", [0xDF] = "←", [0xE0] = "→",
        [0xE1] = "↑", [0xE2] = "↓", [0xF0] = "⇨", [0xFB] = "✗", [0xFC] = "✓", [0xFD] = "☒", [0xFE] = "☑",
    };

    /// <param name="code">0 to 255.</param>
    /// <returns>Empty for a sign without meaning as text.</returns>
    public static string Text(string font, int code)
    {
        if (font.StartsWith("Wingdings", StringComparison.OrdinalIgnoreCase)) return Wingdings.GetValueOrDefault(code, "");
        if (!font.StartsWith("Symbol", StringComparison.OrdinalIgnoreCase)) return code >= 0x20 ? ((char)code).ToString() : "";
        return code - 0x20 is var place and >= 0 && place < SymbolLetters.Length ? SymbolLetters[place].ToString() : SymbolSigns.GetValueOrDefault(code, "");
    }
}
