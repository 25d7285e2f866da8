using System.Globalization;

namespace Headgate.Control.AdminApi.Objects;

/// <summary><c>?ttl=SECONDS</c>: the object is deleted that long after the write.</summary>
internal static class TimeToLive
{
    /// <summary>3650 days: the longest that a store takes.</summary>
    private const double SecondsMax = 315_360_000;

    /// <summary>The refusal, or null and <paramref name="ttl"/>, which is null when the request names none.</summary>
    public static AdminResponse? Read(AdminRequest request, out TimeSpan? ttl)
    {
        ttl = null;
        if (!request.Query.TryGetValue("ttl", out var text))
            return null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
            return AdminResponse.Error(400, "invalid argument ttl: should be a number");
        if (!(seconds >= 0.001 && seconds <= SecondsMax))
            return AdminResponse.Error(400, $"invalid argument ttl: should be a number of seconds above 0, at most {SecondsMax}");
        ttl = TimeSpan.FromSeconds(seconds);
        return null;
    }
}
