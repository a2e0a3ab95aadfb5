namespace BlazorAdmin.Features.Monitor;

/// <summary>
/// Turns a running counter into a rate per second of true elapsed time. Unknown at the first reading and where the counter
/// went back (a reset, a wrap), so that neither shows as a spike.
/// </summary>
internal struct RateCounter
{
    private ulong _count;
    private double _at;
    private bool _known;

    /// <param name="now">Monotonic time in seconds.</param>
    /// <returns>Per second, or NaN.</returns>
    public double Next(ulong count, double now)
    {
        var rate = _known && now > _at && count >= _count ? (count - _count) / (now - _at) : double.NaN;
        (_count, _at, _known) = (count, now, true);
        return rate;
    }

    /// <summary>Forgets the last reading: the counter was away.</summary>
    public void Reset() => _known = false;
}
