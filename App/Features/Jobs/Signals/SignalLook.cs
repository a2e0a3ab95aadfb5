using BlazorAdmin.Shell;
using BlazorAdmin.Shell.Controls;
using Microsoft.Extensions.Localization;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>How signals read and look.</summary>
internal static class SignalLook
{
    public static Tone ToneOf(SignalKind kind) => kind is SignalKind.Failing or SignalKind.DeadNode ? Tone.Bad : Tone.Warn;

    public static string Say(JobSignal signal, IStringLocalizer<SignalsTexts> texts, Display display) => signal.Kind == SignalKind.Failing
        ? texts.Count("SaysFailing", (long)signal.Value, signal.Subject)
        : texts[$"Says{signal.Kind}", signal.Subject, display.Duration(TimeSpan.FromSeconds(signal.Value))];
}
