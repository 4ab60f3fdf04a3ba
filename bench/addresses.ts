// Where the processes of a run meet; the projects name the same ports.

export const host = '127.0.0.1';
export const contenderPort = 8181;
export const controlPort = 8180;
export const receiverPort = 8182;
export const ordersPath = '/orders';
