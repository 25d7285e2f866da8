using Headgate.Core.Discovery;

namespace Headgate.Proxy.Discovery;

/// <summary>Tests whether a registry is there.</summary>
internal static class RegistryTest
{
    /// <summary>Null when it is; otherwise why not. Whatever a client does, it takes no longer than <paramref name="timeout"/>.</summary>
    public static async Task<RegistryException?> RunAsync(IRegistryClient client, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await client.TestAsync(either.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RegistryException($"it does not answer within {timeout.TotalSeconds:0.#} s");
        }
        catch (RegistryException e)
        {
            return e;
        }
        catch (Exception e) when (e is not OperationCanceledException) // a defect of a client's is a failed test
        {
            return new RegistryException($"{e.GetType().Name}: {e.Message}", e);
        }
    }
}
