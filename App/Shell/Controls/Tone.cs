namespace BlazorAdmin.Shell.Controls;

/// <summary>The five meanings of a state, the same everywhere. Each has a colour and an icon; the word comes from the slice.</summary>
public enum Tone
{
    Idle,
    Info,
    Ok,
    Warn,
    Bad,
}

public static class Tones
{
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Ok => "ok",
        Tone.Warn => "warn",
        Tone.Bad => "bad",
        Tone.Info => "info",
        _ => "idle",
    };

    public static string DefaultIcon(this Tone tone) => tone switch
    {
        Tone.Ok => "check",
        Tone.Warn => "alert",
        Tone.Bad => "cross",
        Tone.Info => "play",
        _ => "circle",
    };
}
