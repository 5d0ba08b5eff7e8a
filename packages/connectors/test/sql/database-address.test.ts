import { UsageError } from '@apf/core';
import { databaseAt } from '../../src/sql/database-address.js';

describe('the address of a database', () => {
  it.each([
    ['sky.sqlite', { ENGINE: 'sqlite', FILE_PATH: 'sky.sqlite' }],
    ['/data/my sky.db', { ENGINE: 'sqlite', FILE_PATH: '/data/my sky.db' }],
    ['postgres://', { ENGINE: 'postgres', PARAMS: {} }],
    ['postgresql:///alerts', { ENGINE: 'postgres', PARAMS: { DB_NAME: 'alerts' } }],
    [
      'postgres://me%40home:p%40ss%3Aword@db.example.org:5433/alerts?schema=My%20sky&sslmode=verify-full&sslrootcert=ca.pem',
      {
        ENGINE: 'postgres',
        PARAMS: {
          HOST: 'db.example.org',
          PORT: 5433,
          USER: 'me@home',
          PASSWORD: 'p@ss:word',
          DB_NAME: 'alerts',
          SCHEMA: 'My sky',
          SSL: 'verify-full',
          SSL_CA: 'ca.pem',
        },
      },
    ],
    ['postgres://[::1]/x', { ENGINE: 'postgres', PARAMS: { HOST: '::1', DB_NAME: 'x' } }],
  ])('%s', (address, config) => {
    expect(databaseAt(address)).toEqual(config);
  });

  it.each([
    ['', 'empty name'],
    ['mysql://host/db', "no database of the kind 'mysql'"],
    ['postgres://me:secret@host:port/x', 'is none; write postgres://'],
    ['postgres://me:secret@host/x?sslmod=require', "did you mean 'sslmode'?"],
    ['postgres://me:secret@host/x?connect_timeout=1', 'it may have schema, sslmode, sslrootcert'],
    ['postgres://me:secret@host/x?sslmode=prefer', 'it may be disable, require, verify-full'],
    ['postgres://me:sec%ret@host/x', 'write it as %25'],
  ])('%s is refused, and the password not shown', (address, why) => {
    expect(() => databaseAt(address)).toThrow(UsageError);
    expect(() => databaseAt(address)).toThrow(why);
    expect(() => databaseAt(address)).not.toThrow('secret');
  });
});
