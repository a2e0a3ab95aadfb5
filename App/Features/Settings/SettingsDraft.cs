namespace BlazorAdmin.Features.Settings;

/// <summary>What a person wants to change and has not applied yet. Remembers what was there when each edit began, so that somebody else's change in between is noticed.</summary>
public sealed class SettingsDraft
{
    private readonly Dictionary<string, Wish> _wishes = new(StringComparer.Ordinal);

    public int Count => _wishes.Count;

    public bool Has(SettingValue setting) => _wishes.ContainsKey(setting.Key);

    /// <summary>The portal's value is to go.</summary>
    public bool IsReset(SettingValue setting) => _wishes.TryGetValue(setting.Key, out var wish) && wish.Text is null;

    /// <summary>What the field shows; of a secret nothing.</summary>
    public string TextOf(SettingValue setting) => setting.IsSecret ? "" : _wishes.TryGetValue(setting.Key, out var wish) ? wish.Text ?? setting.Below ?? "" : setting.Value ?? "";

    /// <summary>Wants <paramref name="text"/>; wanting what is there already is no wish.</summary>
    public void Write(SettingValue setting, string text)
    {
        var opened = _wishes.TryGetValue(setting.Key, out var wish) ? wish.Opened : setting;
        if (!setting.IsSecret && Same(opened, text)) _wishes.Remove(setting.Key);
        else _wishes[setting.Key] = new Wish(opened, text);
    }

    /// <summary>Wants the portal's value to go.</summary>
    public void Reset(SettingValue setting) => _wishes[setting.Key] = new Wish(setting, null);

    public void Undo(SettingValue setting) => _wishes.Remove(setting.Key);

    public void Clear() => _wishes.Clear();

    /// <summary>The person has seen what others changed meanwhile: the wishes stand against <paramref name="values"/> now.</summary>
    public void Rebase(IEnumerable<SettingValue> values)
    {
        foreach (var value in values)
        {
            if (!_wishes.TryGetValue(value.Key, out var wish)) continue;
            if (wish.Text is null ? !value.IsOverridden : !value.IsSecret && Same(value, wish.Text)) _wishes.Remove(value.Key);
            else _wishes[value.Key] = wish with { Opened = value };
        }
    }

    /// <summary>The wishes as edits, and those that cannot be said as such.</summary>
    public (IReadOnlyList<SettingEdit> Edits, IReadOnlyList<SettingIssue> Issues) Read()
    {
        var (edits, issues) = (new List<SettingEdit>(), new List<SettingIssue>());
        foreach (var wish in _wishes.Values)
        {
            var (some, wrong) = Read(wish);
            edits.AddRange(some);
            issues.AddRange(wrong);
        }

        return (edits, issues);
    }

    /// <summary>What is wrong with the wish for <paramref name="setting"/> as far as its type and annotations say.</summary>
    public IReadOnlyList<SettingIssue> Check(SettingValue setting)
    {
        if (!_wishes.TryGetValue(setting.Key, out var wish)) return [];
        var (edits, issues) = Read(wish);
        return [.. issues, .. edits.Where(edit => edit.Value is not null).Select(edit => setting.Shape.Check(edit.Key, edit.Value!)).OfType<SettingIssue>()];
    }

    private static (IReadOnlyList<SettingEdit> Edits, IReadOnlyList<SettingIssue> Issues) Read(Wish wish)
    {
        var (opened, text) = wish;
        if (!opened.Shape.IsCollection) return ([new SettingEdit(opened.Key, text, opened.Version)], []);
        return text is null ? ([.. opened.Items.Where(item => item.IsOverridden).Select(item => new SettingEdit(item.Name, null, item.Version))], []) : SettingLines.Read(opened, text);
    }

    private static bool Same(SettingValue setting, string text) => setting.Shape.Kind switch
    {
        SettingKind.Toggle or SettingKind.Choice => string.Equals(setting.Value, text, StringComparison.OrdinalIgnoreCase),
        SettingKind.List or SettingKind.Map => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SequenceEqual((setting.Value ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)),
        _ => (setting.Value ?? "") == text,
    };

    /// <param name="Text">Null: the portal's value is to go.</param>
    private sealed record Wish(SettingValue Opened, string? Text);
}
