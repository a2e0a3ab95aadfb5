using System.Collections.Frozen;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Shell.Controls;

/// <summary>The portal's icons: 16 x 16, stroked in the text's colour. Kept as shared markup, so an icon in a row costs no component.</summary>
public static class Icons
{
    private const string Check = "<path d='m3 8.5 3.2 3.2L13 5'/>";
    private const string Cross = "<path d='m4 4 8 8M12 4l-8 8'/>";

    private static readonly FrozenDictionary<string, MarkupString> All = new Dictionary<string, string>
    {
        ["dashboard"] = "<rect x='2' y='2' width='5' height='6' rx='1'/><rect x='9' y='2' width='5' height='3.5' rx='1'/><rect x='2' y='10.5' width='5' height='3.5' rx='1'/><rect x='9' y='8' width='5' height='6' rx='1'/>",
        ["ask"] = "<path d='M2.5 3.5h11v7.5h-6L4.5 13.5V11h-2z'/><path d='M5.5 6.2h5M5.5 8.4h3'/>",
        ["document"] = "<path d='M4 1.8h5.2L12.5 5v9.2H4z'/><path d='M9 2v3.3h3.3M6 8h4.5M6 10.8h4.5'/>",
        ["folder"] = "<path d='M1.8 12.8V3.5h4.4l1.5 1.8h6.5v7.5z'/>",
        ["upload"] = "<path d='M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3'/>",
        ["download"] = "<path d='M8 2.3v8M4.8 7.3 8 10.5l3.2-3.2M2.5 10.5v3h11v-3'/>",
        ["jobs"] = "<rect x='2' y='2.5' width='12' height='3' rx='1'/><rect x='2' y='6.7' width='12' height='3' rx='1'/><path d='M3 13.2h6M11.5 13.2H13'/>",
        ["schedule"] = "<rect x='2' y='3' width='12' height='11' rx='1.5'/><path d='M2 6.5h12M5.2 1.5v3M10.8 1.5v3M8 8.7v2l1.5.8'/>",
        ["monitor"] = "<path d='M1.8 8.5h3l1.7-5 3 9.5 1.8-4.5h3'/>",
        ["chart"] = "<path d='M2 2v12h12'/><path d='m4.5 10.5 3-3.5 2.3 2 3.7-5'/>",
        ["users"] = "<circle cx='6' cy='5.2' r='2.6'/><path d='M1.5 13.5c.3-2.8 2-4.3 4.5-4.3s4.2 1.5 4.5 4.3M10.5 2.9a2.6 2.6 0 0 1 0 4.7M12 9.6c1.4.6 2.3 2 2.5 3.9'/>",
        ["user"] = "<circle cx='8' cy='5.2' r='2.8'/><path d='M2.7 14c.4-3 2.4-4.6 5.3-4.6s4.9 1.6 5.3 4.6'/>",
        ["audit"] = "<path d='M8 1.8 13.5 4v4c0 3.2-2.3 5.3-5.5 6.3C4.8 13.3 2.5 11.2 2.5 8V4z'/><path d='m5.7 8 1.7 1.7 3-3.2'/>",
        ["settings"] = "<circle cx='10.5' cy='4.5' r='1.8'/><circle cx='5.5' cy='11.5' r='1.8'/><path d='M2 4.5h6.7M12.3 4.5H14M2 11.5h1.7M7.3 11.5H14'/>",
        ["mail"] = "<rect x='1.8' y='3.2' width='12.4' height='9.6' rx='1.3'/><path d='m2.2 4.2 5.8 4.5 5.8-4.5'/>",
        ["bell"] = "<path d='M3.5 11.5c1-1 1.2-2.2 1.2-4.2 0-2.3 1.3-3.9 3.3-3.9s3.3 1.6 3.3 3.9c0 2 .2 3.2 1.2 4.2zM6.6 13.8c.7.6 2.1.6 2.8 0M8 1.7v1.6'/>",
        ["workflow"] = "<rect x='1.8' y='6' width='4' height='4' rx='1'/><rect x='10.2' y='2' width='4' height='4' rx='1'/><rect x='10.2' y='10' width='4' height='4' rx='1'/><path d='M5.8 8h2.2M8 4v8M8 4h2.2M8 12h2.2'/>",
        ["knowledge"] = "<path d='M8 4C6.5 2.8 4.5 2.5 2 2.5v10c2.5 0 4.5.3 6 1.5 1.5-1.2 3.5-1.5 6-1.5v-10c-2.5 0-4.5.3-6 1.5zM8 4v10'/>",
        ["health"] = "<path d='M8 13.8C4 11 1.8 8.7 1.8 5.9c0-2 1.4-3.4 3.2-3.4 1.3 0 2.4.7 3 1.9.6-1.2 1.7-1.9 3-1.9 1.8 0 3.2 1.4 3.2 3.4 0 2.8-2.2 5.1-6.2 7.9z'/>",
        ["feedback"] = "<path d='M8 2.5c3.6 0 6.3 2.2 6.3 5.1S11.6 12.7 8 12.7c-.8 0-1.6-.1-2.3-.3L2.7 13.7l.6-2.7c-1-.9-1.6-2.1-1.6-3.4 0-2.9 2.7-5.1 6.3-5.1z'/>",
        ["search"] = "<circle cx='7' cy='7' r='4.5'/><path d='m10.4 10.4 3.6 3.6'/>",
        ["filter"] = "<path d='M2 3h12L9.5 8.5V13L6.5 11.5v-3z'/>",
        ["columns"] = "<rect x='2' y='2.5' width='12' height='11' rx='1.3'/><path d='M6 2.5v11M10 2.5v11'/>",
        ["refresh"] = "<path d='M13.5 8A5.5 5.5 0 1 1 11.6 3.8M13.5 1.8v3h-3'/>",
        ["retry"] = "<path d='M2.5 8A5.5 5.5 0 1 0 4.4 3.8M2.5 1.8v3h3'/>",
        ["play"] = "<path d='M5 3v10l8-5z'/>",
        ["pause"] = "<path d='M5.5 3v10M10.5 3v10'/>",
        ["stop"] = "<rect x='4' y='4' width='8' height='8' rx='1'/>",
        ["wait"] = "<circle cx='8' cy='8' r='6'/><path d='M8 4.7V8l2.3 1.5'/>",
        ["forbidden"] = "<circle cx='8' cy='8' r='6'/><path d='m3.9 3.9 8.2 8.2'/>",
        ["check"] = Check,
        ["cross"] = Cross,
        ["alert"] = "<path d='M8 2 14.3 13.5H1.7z'/><path d='M8 6.3v3.2M8 11.5v.1'/>",
        ["info"] = "<circle cx='8' cy='8' r='6'/><path d='M8 7.5v3.7M8 4.9V5'/>",
        ["dot"] = "<circle cx='8' cy='8' r='3.5'/>",
        ["circle"] = "<circle cx='8' cy='8' r='5.5'/>",
        ["chevron-right"] = "<path d='m6 3.5 4.5 4.5L6 12.5'/>",
        ["chevron-left"] = "<path d='M10 3.5 5.5 8l4.5 4.5'/>",
        ["chevron-down"] = "<path d='M3.5 6 8 10.5 12.5 6'/>",
        ["up"] = "<path d='M8 13V3M4 7l4-4 4 4'/>",
        ["down"] = "<path d='M8 3v10M4 9l4 4 4-4'/>",
        ["menu"] = "<path d='M2 4h12M2 8h12M2 12h12'/>",
        ["more"] = "<path d='M3.5 8v.1M8 8v.1M12.5 8v.1' stroke-width='2.4'/>",
        ["flag"] = "<path d='M3.5 14.3V1.8M3.5 2.8h9l-2.2 3 2.2 3h-9'/>",
        ["plus"] = "<path d='M8 3v10M3 8h10'/>",
        ["edit"] = "<path d='m2.5 13.5.7-3L10.8 3l2.2 2.2-7.5 7.6zM9.3 4.5l2.2 2.2'/>",
        ["trash"] = "<path d='M2.5 4h11M6 4V2.3h4V4M4 4l.7 9.7h6.6L12 4M6.7 6.7v4.3M9.3 6.7v4.3'/>",
        ["copy"] = "<rect x='5.5' y='5.5' width='8' height='8.5' rx='1.2'/><path d='M10.5 5.5V2.7H2.5v8h3'/>",
        ["link"] = "<path d='M6.7 9.3a2.7 2.7 0 0 0 3.8 0l2.3-2.3A2.7 2.7 0 0 0 9 3.2l-.8.8M9.3 6.7a2.7 2.7 0 0 0-3.8 0L3.2 9A2.7 2.7 0 0 0 7 12.8l.8-.8'/>",
        ["key"] = "<circle cx='5' cy='11' r='2.7'/><path d='m7 9 6.5-6.5M11 5l2 2M9.3 6.7l1.2 1.2'/>",
        ["lock"] = "<rect x='3' y='7' width='10' height='7' rx='1.2'/><path d='M5.2 7V4.8a2.8 2.8 0 0 1 5.6 0V7'/>",
        ["sign-out"] = "<path d='M9.5 5V2.5h-7v11h7V11M6 8h8M11.5 5.5 14 8l-2.5 2.5'/>",
        ["sun"] = "<circle cx='8' cy='8' r='2.8'/><path d='M8 1.5v1.7M8 12.8v1.7M1.5 8h1.7M12.8 8h1.7M3.4 3.4l1.2 1.2M11.4 11.4l1.2 1.2M12.6 3.4l-1.2 1.2M4.6 11.4l-1.2 1.2'/>",
        ["moon"] = "<path d='M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z'/>",
        ["desktop"] = "<rect x='1.8' y='2.5' width='12.4' height='8.5' rx='1.2'/><path d='M5.5 13.8h5M8 11v2.8'/>",
        ["database"] = "<ellipse cx='8' cy='3.8' rx='5.5' ry='2.2'/><path d='M2.5 3.8v8.4C2.5 13.4 5 14.4 8 14.4s5.5-1 5.5-2.2V3.8M2.5 8c0 1.2 2.5 2.2 5.5 2.2s5.5-1 5.5-2.2'/>",
        ["server"] = "<rect x='2' y='2.5' width='12' height='4.5' rx='1'/><rect x='2' y='9' width='12' height='4.5' rx='1'/><path d='M4.5 4.8v.1M4.5 11.2v.1'/>",
        ["inbox"] = "<path d='M2 9.5 4 3h8l2 6.5V13H2zM2 9.5h3.5c0 1.4 1 2.2 2.5 2.2s2.5-.8 2.5-2.2H14'/>",
        ["keyboard"] = "<rect x='1.5' y='4' width='13' height='8.5' rx='1.3'/><path d='M4 6.8v.1M6.7 6.8v.1M9.3 6.8v.1M12 6.8v.1M5 9.8h6'/>",
        ["offline"] = "<path d='M2 2l12 12M1.8 6.2a9 9 0 0 1 2.5-1.7M6.5 3.7c2.9-.4 5.7.5 7.7 2.5M4.2 8.9a5.5 5.5 0 0 1 2.6-1.5M11.8 8.9l-.9-.7M8 12.5v.1'/>",
    }.ToFrozenDictionary(icon => icon.Key, icon => new MarkupString(
        $"<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\" focusable=\"false\">{icon.Value.Replace('\'', '"')}</svg>"));

    public static IEnumerable<string> Names => All.Keys;

    /// <summary>The whole svg element; an unknown name throws, so that a typing error shows in the first test.</summary>
    public static MarkupString Svg(string name) => All.TryGetValue(name, out var svg)
        ? svg
        : throw new ArgumentException($"There is no icon named {name}.", nameof(name));
}
