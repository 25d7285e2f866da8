using Headgate.Core.Config;
using Headgate.Core.Discovery;
using Headgate.Core.Primitives;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Discovery;

/// <summary>
/// Asks registries for services, for each by a flow of its own that begins again after a failure, so that none waits for another. Members whose names end in NeedsLock are called under the
/// book's lock.
/// </summary>
/// <param name="book">Takes in what registries say.</param>
/// <param name="registries">Who is asked.</param>
/// <param name="options">How long flows wait after failures.</param>
/// <param name="seeds">Where the draws of their waits begin.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where it is told that there is nobody to ask.</param>
internal sealed class ServiceAsking(DiscoveryBook book, FollowedRegistries registries, DiscoveryOptions options, DiscoverySeeds seeds, TimeProvider time, ILogger logger)
{
    /// <summary>Begins to ask for a service; says why when there is nobody to ask.</summary>
    public void Begin_NeedsLock(FollowedService service)
    {
        ServiceKey key = service.State.Key;
        FollowedRegistry? registry = registries.Find_NeedsLock(key.Registry);
        string? problem = registry is null ? $"there is no registry {key.Registry}"
            : registry.Config.Type != key.Type ? $"{key.Registry} is of type {registry.Config.Type}, not {key.Type}"
            : null;
        if (problem is not null)
        {
            service.State.Fail(problem, time.GetUtcNow());
            DiscoveryLog.ServiceFailed(logger, key.Name, key.Registry, problem, service.State.Instances.Count);
            service.Registry = null;
            book.Answered_NeedsLock(service);
            return;
        }

        service.Registry = registry;
        service.Stop = new CancellationTokenSource();
        registry!.Asked(service);
        service.Asking = AskAsync(service, registry, new RetryDelay(new Random(seeds.Next()), options.RetryMin, options.RetryMax), service.Stop.Token);
    }

    /// <summary>Asks for a service no more; <see cref="FollowedService.Asking"/> ends after it.</summary>
    public static void Stop_NeedsLock(FollowedService service)
    {
        _ = service.Stop.CancelAsync();
        service.Registry?.Left(service);
        service.Registry = null;
    }

    private async Task AskAsync(FollowedService service, FollowedRegistry registry, RetryDelay delay, CancellationToken stop)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the compiler holds the lock
        while (!stop.IsCancellationRequested)
        {
            RegistryException failure;
            try
            {
                await foreach (ServiceAnswer answer in registry.Client.FollowAsync(service.State.Key, stop))
                {
                    book.OnAnswer(service, registry, answer, stop);
                    delay.Reset();
                }

                failure = new RegistryException("the following has ended");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (RegistryException e)
            {
                failure = e;
            }
            catch (Exception e) // a defect of a client's must not end the following of a service
            {
                failure = new RegistryException($"{e.GetType().Name}: {e.Message}", e);
            }

            book.OnFailure(service, registry, failure, stop);
            await Task.Delay(delay.Next(), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
