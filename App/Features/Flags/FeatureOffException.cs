namespace BlazorAdmin.Features.Flags;

/// <summary>What was asked for is switched off at the moment. The message is for the log; the slice says it in its own words.</summary>
public sealed class FeatureOffException(string flag) : Exception($"The flag {flag} is off.")
{
    public string Flag { get; } = flag;
}
