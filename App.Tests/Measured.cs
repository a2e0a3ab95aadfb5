namespace BlazorAdmin.Tests;

/// <summary>Two readings of one machine, which other programs use too: what disturbs a comparison passes, a fault stays.</summary>
public static class Measured
{
    private const int Tries = 10;

    /// <summary>Measures and compares anew until both agree.</summary>
    /// <exception cref="ShouldAssertException">They did not agree in ten tries; it is the last one's.</exception>
    public static void Agrees(Action compare) => AgreesAsync(() =>
    {
        compare();
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <inheritdoc cref="Agrees(Action)"/>
    public static async Task AgreesAsync(Func<Task> compare)
    {
        for (var left = Tries - 1; ; left--)
        {
            try
            {
                await compare();
                return;
            }
            catch (ShouldAssertException) when (left > 0)
            {
            }
        }
    }
}
